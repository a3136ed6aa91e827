import { capital } from './words.ts';

/** A piece of what to do: a sentence, or code that is long enough to stand by itself. */
export type RemedyPart =
  | { readonly type: 'prose'; readonly text: string }
  | { readonly type: 'code'; readonly text: string };

/** Longer code than this is not read within a sentence. */
const LONGEST_INLINE = 40;
/**
 * What to do, with the code that is to be pasted apart from the sentences about it. Short code stays in its sentence.
 * `line`: so many characters find room in a line of code.
 */
export function remedyParts(remedy: string, line: number): RemedyPart[] {
  const parts: RemedyPart[] = [];
  let prose = '';
  const endSentence = () => {
    if (prose.trim() !== '') parts.push({ type: 'prose', text: afterCode(prose, parts.length) });
    prose = '';
  };
  remedy.split('`').forEach((piece, i) => {
    const isCode = i % 2 === 1;
    if (isCode && piece.length > LONGEST_INLINE && !prose.endsWith('(')) {
      endSentence();
      parts.push({ type: 'code', text: layOut(piece, line) });
    } else {
      prose += isCode ? `\`${piece}\`` : piece;
    }
  });
  endSentence();
  return parts;
}

/** What goes on behind a block begins no line with a comma. */
function afterCode(prose: string, before: number): string {
  const text = prose.trim();
  const rest = before > 0 ? text.replace(/^[:,;.]\s*/, '') : text;
  return rest === text ? text : capital(rest);
}

/** A call with each property on a line of its own, where one line has no room for it. */
export function layOut(code: string, line: number, indent = ''): string {
  // A comma follows.
  if (indent.length + code.length < line) return code;
  const open = code.search(/[{[]/);
  const close = open < 0 ? -1 : endOf(code, open);
  if (close < 0) return code;
  const inner = indent.concat('  ');
  const properties = split(code.slice(open + 1, close)).map(
    (property) => `${inner}${layOut(property, line, inner)},\n`,
  );
  // Braces with nothing to break in them, such as those of parameters, stay as they are.
  if (properties.length < 2 && !code.slice(open + 1, close).includes(':')) {
    return code.slice(0, close + 1) + layOut(code.slice(close + 1), line, indent);
  }
  return `${code.slice(0, open + 1)}\n${properties.join('')}${indent}${code.slice(close)}`;
}

/** Where the bracket ends that opens at `from`. */
function endOf(code: string, from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at++) {
    if ('{[('.includes(code[at] as string)) depth++;
    if ('}])'.includes(code[at] as string) && --depth === 0) return at;
  }
  return -1;
}

/** At the commas that stand in no bracket. */
function split(properties: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= properties.length; at++) {
    const char = properties[at];
    if (char !== undefined && '{[('.includes(char)) depth++;
    if (char !== undefined && '}])'.includes(char)) depth--;
    if (char === undefined || (char === ',' && depth === 0)) {
      parts.push(properties.slice(from, at).trim());
      from = at + 1;
    }
  }
  return parts.filter((part) => part !== '');
}
