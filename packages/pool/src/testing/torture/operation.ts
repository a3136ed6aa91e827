import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import { beliefAfter, type Ledger } from '../ledger.ts';

/** Something that a caller does with the pool, and how it knows that it got its own answer. */
export interface Operation {
  readonly name: string;
  /** How often it comes, beside the others. */
  readonly weight: number;
  /** `id` is this operation's own number; it comes back in every answer. */
  run(desk: Desk, id: number): Promise<void>;
}

/** What an operation works with. */
export interface Desk {
  readonly pool: pg.Pool;
  readonly ledger: Ledger;
}

/** An answer that was somebody else's, or none that anybody should get. */
export class WrongAnswer extends Error {}

/** The backend was terminated: what happened is all that the caller may be told. */
export function isLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: string };
  return (
    code === '57P01' ||
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    /^Connection terminated|connection error and is not queryable/.test(error.message)
  );
}

export function expectEqual(actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new WrongAnswer(`got ${short(actual)} instead of ${short(expected)}`);
}

/** Rows of one statement; those of pg are of a class of their own. */
export function expectRows(result: { rows: unknown[] }, expected: unknown[]): void {
  expectEqual(JSON.parse(JSON.stringify(result.rows)), expected);
}

/** `words` are in the message or the detail, so that it is this caller's own error. */
export async function expectError(
  answer: Promise<unknown>,
  code: string,
  words: string,
): Promise<void> {
  const error = await answer.then(
    () => new WrongAnswer(`no error ${code} with "${words}"`),
    (reason) => reason,
  );
  if (error instanceof WrongAnswer || isLoss(error)) throw error;
  const { message, detail = '' } = error as pg.DatabaseError;
  if ((error as pg.DatabaseError).code === code && `${message} ${detail}`.includes(words)) return;
  throw new WrongAnswer(`got the error ${short(message)} instead of ${code} with "${words}"`);
}

/** A write of one statement, or of several that are done all or none. */
export async function write<T>(desk: Desk, id: number, answer: Promise<T>): Promise<T> {
  const { ledger } = desk;
  ledger.believe(id, 'unknown');
  try {
    const result = await answer;
    ledger.believe(id, 'done');
    return result;
  } catch (error) {
    ledger.believe(id, beliefAfter(error));
    throw error;
  }
}

/** COMMIT of a transaction in which these were written. */
export async function commit(desk: Desk, client: pg.PoolClient, ids: number[]): Promise<void> {
  const { ledger } = desk;
  for (const id of ids) ledger.believe(id, 'unknown');
  const { command } = await client.query('COMMIT');
  expectEqual(command, 'COMMIT');
  for (const id of ids) ledger.believe(id, 'done');
}

/** Given back as it is, whatever was done to it. */
export async function onCheckout(
  { pool }: Desk,
  use: (client: pg.PoolClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await use(client);
  } finally {
    client.release();
  }
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
