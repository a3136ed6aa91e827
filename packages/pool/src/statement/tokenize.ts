/** A token of SQL: enough of a lexer to know what a statement does, whatever its strings say. */
export interface Token {
  /** `unclear`: a name written in escapes (`U&"d\0061t"`), which may be any. */
  readonly kind: 'word' | 'literal' | 'semicolon' | 'unclear' | 'other';
  /** Lower case for a word; as written otherwise. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const NUMBER = /\d[\w.]*(?:(?<=\de|\dE)[+-]\d+)?/y;
const PARAMETER = /\$\d+/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
// The loops are unrolled: `(?:a|b)*` would keep a step to return to for every character.
const PLAIN_STRING = /'[^']*(?:''[^']*)*(?:'|$)/y;
const ESCAPE_STRING = /[eE]'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*(?:'|$)/y;
const PREFIXED_STRING = /(?:[bBxXnN]|[uU]&)'[^']*(?:''[^']*)*(?:'|$)/y;
const QUOTED_NAME = /"[^"]*(?:""[^"]*)*(?:"|$)/y;
const ESCAPED_NAME = /[uU]&"[^"]*(?:""[^"]*)*(?:"|$)/y;
const LINE_END = /[\n\r]/g;
const COMMENT_EDGE = /\/\*|\*\//g;

const [TAB, RETURN, SPACE, DOUBLE_QUOTE, DOLLAR, AMPERSAND, QUOTE, STAR, DASH, SLASH] = [
  9, 13, 32, 34, 36, 38, 39, 42, 45, 47,
] as const;
const [ZERO, NINE, SEMICOLON, UNDERSCORE, LOWER_A, LOWER_Z, NOT_ASCII] = [
  48, 57, 59, 95, 97, 122, 128,
] as const;

/** The end of what stands at `at`; `at` itself when it is nothing of the kind. */
function endOf(pattern: RegExp, sql: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : at;
}

/** Where a block comment that starts at `at` ends; PostgreSQL nests them. */
function endOfBlockComment(sql: string, at: number): number {
  let depth = 0;
  COMMENT_EDGE.lastIndex = at;
  while (COMMENT_EDGE.test(sql)) {
    const { lastIndex } = COMMENT_EDGE;
    depth += sql.charCodeAt(lastIndex - 1) === STAR ? 1 : -1;
    if (depth === 0) return lastIndex;
  }
  return sql.length;
}

/** Where the next token begins: behind white space and comments. */
function skip(sql: string, from: number): number {
  let at = from;
  while (at < sql.length) {
    const code = sql.charCodeAt(at);
    if (code === SPACE || (code >= TAB && code <= RETURN)) at++;
    else if (code === DASH && sql.charCodeAt(at + 1) === DASH) {
      LINE_END.lastIndex = at;
      at = LINE_END.test(sql) ? LINE_END.lastIndex : sql.length;
    } else if (code === SLASH && sql.charCodeAt(at + 1) === STAR) at = endOfBlockComment(sql, at);
    else break;
  }
  return at;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= LOWER_A && lower <= LOWER_Z) || code === UNDERSCORE || code >= NOT_ASCII;
}

/** The end of a string with a letter before it, such as E'…' or U&'…'. */
function endOfPrefixed(sql: string, at: number): number {
  const next = sql.charCodeAt(at + 1);
  if (next !== QUOTE && next !== AMPERSAND) return at;
  const end = endOf(ESCAPE_STRING, sql, at);
  return end > at ? end : endOf(PREFIXED_STRING, sql, at);
}

/**
 * Yields the tokens of `sql`, without white space and comments.
 * Lexical rules: PostgreSQL documentation, 4.1 "Lexical Structure".
 */
export function* tokenize(sql: string): Generator<Token> {
  let end = 0;
  for (let start = skip(sql, 0); start < sql.length; start = skip(sql, end)) {
    const token = tokenAt(sql, start);
    end = token.end;
    yield token;
  }
}

function tokenAt(sql: string, start: number): Token {
  const code = sql.charCodeAt(start);
  if (isLetter(code)) return wordAt(sql, start);
  if (code === QUOTE) return raw('literal', sql, start, endOf(PLAIN_STRING, sql, start));
  if (code >= ZERO && code <= NINE) return raw('literal', sql, start, endOf(NUMBER, sql, start));
  if (code === DOUBLE_QUOTE) {
    const end = endOf(QUOTED_NAME, sql, start);
    // A quoted name can still be a function with an effect on the session.
    return { kind: 'word', text: sql.slice(start + 1, end - 1), start, end };
  }
  if (code === DOLLAR) return dollarAt(sql, start);
  return raw(code === SEMICOLON ? 'semicolon' : 'other', sql, start, start + 1);
}

function wordAt(sql: string, start: number): Token {
  const endOfString = endOfPrefixed(sql, start);
  if (endOfString > start) return raw('literal', sql, start, endOfString);
  if (sql.charCodeAt(start + 1) === AMPERSAND) {
    const endOfName = endOf(ESCAPED_NAME, sql, start);
    if (endOfName > start) return raw('unclear', sql, start, endOfName);
  }
  const end = endOf(WORD, sql, start);
  return { kind: 'word', text: sql.slice(start, end).toLowerCase(), start, end };
}

/** A parameter, a string between dollars, or neither. */
function dollarAt(sql: string, start: number): Token {
  const endOfParameter = endOf(PARAMETER, sql, start);
  if (endOfParameter > start) return raw('other', sql, start, endOfParameter);
  const endOfTag = endOf(DOLLAR_TAG, sql, start);
  if (endOfTag === start) return raw('other', sql, start, start + 1);
  const tag = sql.slice(start, endOfTag);
  const close = sql.indexOf(tag, endOfTag);
  return raw('literal', sql, start, close === -1 ? sql.length : close + tag.length);
}

function raw(kind: Token['kind'], sql: string, start: number, end: number): Token {
  return { kind, text: sql.slice(start, end), start, end };
}
