/** A question to the server, and what its answer means. */
export interface ServerQuery<T> {
  readonly name: string;
  /** One statement; it changes nothing and takes no lock that anybody waits for. */
  readonly sql: string;
  /** Pure. */
  readonly parse: (rows: readonly Row[]) => T;
}

/** As pg gives it; numbers are asked for as float8, which come as numbers. */
export type Row = Readonly<Record<string, unknown>>;

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Durations and counts that the server does not know, or does not tell, are null. */
export function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
