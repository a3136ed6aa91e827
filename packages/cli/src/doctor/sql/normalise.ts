/**
 * One literal, comment or word at a time. A statement that the server cut short may end within a literal,
 * hence the ends of text among the terminators.
 */
const TOKEN = new RegExp(
  [
    String.raw`--[^\n]*`,
    String.raw`/\*[\s\S]*?(?:\*/|$)`,
    // E'…' escapes by backslash; doubled quotes otherwise.
    String.raw`\b[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)`,
    String.raw`(?:\b[bBxXnN]|\b[uU]&)?'(?:[^']|'')*(?:'|$)`,
    String.raw`\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)`,
    '"(?:[^"]|"")*(?:"|$)',
    String.raw`\$\d+`,
    String.raw`[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*`,
    String.raw`(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`,
  ].join('|'),
  'g',
);

const LIST = /\((\s*(?:\?|\$\d+)\s*)(?:,\s*(?:\?|\$\d+)\s*)+\)/g;

/** A statement to show: its values replaced by `?`, comments gone, lists of values as one, on one line. */
export function normaliseSql(text: string): string {
  const withoutValues = text.replace(TOKEN, (token) => {
    if (token.startsWith('--') || token.startsWith('/*')) return ' ';
    if (/^(?:[eEbBxXnN]|[uU]&)?'/.test(token) || /^\$(?!\d)/.test(token)) return '?';
    return /^[\d.]/.test(token) ? '?' : token;
  });
  return withoutValues.replace(LIST, '(…)').replace(/\s+/g, ' ').trim();
}
