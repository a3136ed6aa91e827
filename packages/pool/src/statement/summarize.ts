import { type Token, tokenize } from './tokenize.ts';

const LONGEST_SUMMARY = 140;
/** More of a statement than this can't show in its summary. */
const LONGEST_READ = 8_000;
/** A list of columns longer than this says less than the table that stands behind it. */
const LONGEST_COLUMNS = 40;

/** The statement on one line without its values: every literal is replaced by `?`, comments are gone. */
export function maskLiterals(sql: string): string {
  let masked = '';
  let end = 0;
  for (const token of tokenize(sql)) {
    masked += gapBefore(token, end, masked) + shown(token, sql);
    end = token.end;
  }
  return masked;
}

/**
 * The statement in one short line, safe in logs and reports: every literal is replaced by `?`, a long
 * list of columns by `…`.
 */
export function summarize(sql: string): string {
  let summary = '';
  let end = 0;
  let depth = 0;
  let columnsFrom: number | undefined;
  for (const token of tokenize(sql.length > LONGEST_READ ? sql.slice(0, LONGEST_READ) : sql)) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (columnsFrom && depth === 0 && token.text === 'from') {
      const columns = summary.slice(columnsFrom);
      if (columns.length > LONGEST_COLUMNS) summary = `${summary.slice(0, columnsFrom)} …`;
      columnsFrom = undefined;
    }
    const isFirst = summary === '';
    summary += gapBefore(token, end, summary) + shown(token, sql);
    end = token.end;
    if (isFirst && token.text === 'select') columnsFrom = summary.length;
  }
  return summary.length > LONGEST_SUMMARY ? `${summary.slice(0, LONGEST_SUMMARY)}…` : summary;
}

function gapBefore({ start }: Token, end: number, before: string): string {
  return start > end && before !== '' ? ' ' : '';
}

function shown({ kind, start, end }: Token, sql: string): string {
  return kind === 'literal' ? '?' : sql.slice(start, end);
}
