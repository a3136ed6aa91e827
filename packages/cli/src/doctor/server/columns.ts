import type { Row } from './ask.ts';

/** Columns of an answer by their type; pg gives bigint and numeric as text. */
export function numberOf(row: Row, column: string): number {
  return Number(row[column] ?? 0);
}

export function numberOrNull(row: Row, column: string): number | null {
  const value = row[column];
  return value === null || value === undefined ? null : Number(value);
}

export function textOf(row: Row, column: string): string {
  return String(row[column] ?? '');
}

export function textOrNull(row: Row, column: string): string | null {
  const value = row[column];
  return value === null || value === undefined ? null : String(value);
}

export function flagOf(row: Row, column: string): boolean {
  return row[column] === true;
}
