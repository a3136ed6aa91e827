import { tokenize } from './tokenize.ts';

const LONGEST_SUMMARY = 160;

/** The statement in one short line with every literal replaced by `?`: safe in logs and reports. */
export function summarize(sql: string): string {
  let summary = '';
  let end = 0;
  for (const token of tokenize(sql.length > 4_000 ? sql.slice(0, 4_000) : sql)) {
    if (summary.length > LONGEST_SUMMARY) return `${summary.slice(0, LONGEST_SUMMARY)}…`;
    const gap = token.start > end && summary !== '' ? ' ' : '';
    summary += gap + (token.kind === 'literal' ? '?' : sql.slice(token.start, token.end));
    end = token.end;
  }
  return summary.length > LONGEST_SUMMARY ? `${summary.slice(0, LONGEST_SUMMARY)}…` : summary;
}
