import postgres from 'postgres';
import { type SqlPool, type SqlPoolOptions, TAKEN_ID } from './sql.ts';

/** postgres.js as it comes: it pipelines, and prepares every statement. */
export function postgresJs({ url, connections, waitMillis }: SqlPoolOptions): SqlPool {
  if (waitMillis !== undefined) throw new Error('postgres.js lets callers wait without a bound');
  let closed = 0;
  const sql = postgres(url, { max: connections, onclose: () => closed++ });
  // Tagged templates can't take a text, so they stand here once more.
  return {
    read: (id) => sql`SELECT id, name, price_cents FROM items WHERE id = ${id}`,
    sleep: () => sql`SELECT pg_sleep(0.05)`,
    nap: () => sql`SELECT pg_sleep(0.02)`,
    insertTaken: () => sql`INSERT INTO taken (id) VALUES (${TAKEN_ID})`,
    transact: (id) =>
      sql.begin(async (transaction) => {
        await transaction`SELECT balance FROM accounts WHERE id = ${id}`;
        await transaction`UPDATE accounts SET balance = balance + 1 WHERE id = ${id}`;
      }),
    reconnects: () => closed,
  };
}
