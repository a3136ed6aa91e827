/** What the cases ask of a pool, each in the way that its documentation shows. */
export interface SqlPool {
  /** One row by its primary key. */
  read(id: number): Promise<unknown>;
  /** A statement of 50 ms. */
  sleep(): Promise<unknown>;
  /** A statement of 20 ms. */
  nap(): Promise<unknown>;
  /** Rejects with the server's 23505. */
  insertTaken(): Promise<unknown>;
  /** BEGIN, a read and a write of one row, COMMIT. */
  transact(id: number): Promise<unknown>;
  /** Connections that it has opened so far, beside those of the start. */
  reconnects(): number;
}

export interface SqlPoolOptions {
  readonly url: string;
  readonly connections: number;
  /** The longest wait for a connection; default the pool's own. */
  readonly waitMillis?: number;
}

export const ITEMS = 100_000;
/** The row that is always there. */
export const TAKEN_ID = 1;

export const sql = {
  read: 'SELECT id, name, price_cents FROM items WHERE id = $1',
  sleep: 'SELECT pg_sleep(0.05)',
  nap: 'SELECT pg_sleep(0.02)',
  insertTaken: 'INSERT INTO taken (id) VALUES ($1)',
  readAccount: 'SELECT balance FROM accounts WHERE id = $1',
  writeAccount: 'UPDATE accounts SET balance = balance + 1 WHERE id = $1',
} as const;

export function anyId(): number {
  return 1 + Math.floor(Math.random() * ITEMS);
}
