/** A token of SQL: enough of a lexer to know what a statement does, whatever its strings say. */
export interface Token {
  readonly kind: 'word' | 'literal' | 'semicolon' | 'other';
  /** Lower case for a word; as written otherwise. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const SPACE = /\s+/y;
// The loops are unrolled: `(?:a|b)*` would keep a step to return to for every character.
const LINE_COMMENT = /--[^\n\r]*/y;
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const NUMBER = /\d[\w.]*(?:(?<=\de|\dE)[+-]\d+)?/y;
const PARAMETER = /\$\d+/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const PLAIN_STRING = /'[^']*(?:''[^']*)*(?:'|$)/y;
const ESCAPE_STRING = /[eE]'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*(?:'|$)/y;
const PREFIXED_STRING = /(?:[bBxXnN]|[uU]&)'[^']*(?:''[^']*)*(?:'|$)/y;
const QUOTED_NAME = /"[^"]*(?:""[^"]*)*(?:"|$)/y;

function matchAt(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}

/** Where a block comment that starts at `at` ends; PostgreSQL nests them. */
function endOfBlockComment(sql: string, at: number): number {
  let depth = 0;
  for (let i = at; i < sql.length; i++) {
    if (sql.startsWith('/*', i)) {
      depth++;
      i++;
    } else if (sql.startsWith('*/', i)) {
      i++;
      if (--depth === 0) return i + 1;
    }
  }
  return sql.length;
}

/**
 * Yields the tokens of `sql`, without white space and comments.
 * Lexical rules: PostgreSQL documentation, 4.1 "Lexical Structure".
 */
export function* tokenize(sql: string): Generator<Token> {
  let at = 0;
  while (at < sql.length) {
    const skipped = matchAt(SPACE, sql, at) ?? matchAt(LINE_COMMENT, sql, at);
    if (skipped) {
      at += skipped.length;
      continue;
    }
    if (sql.startsWith('/*', at)) {
      at = endOfBlockComment(sql, at);
      continue;
    }
    const start = at;
    const literal =
      matchAt(PLAIN_STRING, sql, at) ??
      matchAt(ESCAPE_STRING, sql, at) ??
      matchAt(PREFIXED_STRING, sql, at) ??
      matchAt(NUMBER, sql, at);
    if (literal) {
      at += literal.length;
      yield { kind: 'literal', text: literal, start, end: at };
      continue;
    }
    const parameter = matchAt(PARAMETER, sql, at);
    if (parameter) {
      at += parameter.length;
      yield { kind: 'other', text: parameter, start, end: at };
      continue;
    }
    const tag = matchAt(DOLLAR_TAG, sql, at);
    if (tag) {
      const close = sql.indexOf(tag, at + tag.length);
      at = close === -1 ? sql.length : close + tag.length;
      yield { kind: 'literal', text: sql.slice(start, at), start, end: at };
      continue;
    }
    const word = matchAt(WORD, sql, at);
    if (word) {
      at += word.length;
      yield { kind: 'word', text: word.toLowerCase(), start, end: at };
      continue;
    }
    const name = matchAt(QUOTED_NAME, sql, at);
    if (name) {
      at += name.length;
      // A quoted name can still be a function with an effect on the session.
      yield { kind: 'word', text: name.slice(1, -1), start, end: at };
      continue;
    }
    at++;
    const text = sql[start] ?? '';
    yield { kind: text === ';' ? 'semicolon' : 'other', text, start, end: at };
  }
}
