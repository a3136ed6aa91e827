import { tokenize } from './tokenize.ts';

const LONGEST_SUMMARY = 140;
/** More of a statement than this can't show in its summary. */
const LONGEST_READ = 8_000;
/** A list of columns longer than this says less than the table that stands behind it. */
const LONGEST_COLUMNS = 40;

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
    const gap = token.start > end && summary !== '' ? ' ' : '';
    const isFirst = summary === '';
    summary += gap + (token.kind === 'literal' ? '?' : sql.slice(token.start, token.end));
    end = token.end;
    if (isFirst && token.text === 'select') columnsFrom = summary.length;
  }
  return summary.length > LONGEST_SUMMARY ? `${summary.slice(0, LONGEST_SUMMARY)}…` : summary;
}
