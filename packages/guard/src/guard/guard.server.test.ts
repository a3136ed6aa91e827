import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BreakerOpenError } from '../breaker/breaker-open-error.ts';
import { createGuard, type Guard } from './guard.ts';
import type { GuardEvent } from './guard-events.ts';

let server: PostgresServer;
let pool: pg.Pool;
let admin: pg.Pool;
let events: GuardEvent[];
let guard: Guard;

beforeAll(async () => {
  server = await startPostgres();
  const connectionString = server.url();
  pool = new pg.Pool({ connectionString, max: 4, connectionTimeoutMillis: 5_000 });
  admin = new pg.Pool({ connectionString, max: 2 });
  for (const one of [pool, admin]) one.on('error', () => {});
  await admin.query('CREATE TABLE entry (id int PRIMARY KEY, n int NOT NULL DEFAULT 0)');
});
afterAll(async () => {
  await Promise.all([pool.end(), admin.end()]);
  await server.stop('immediate');
});
beforeEach(async () => {
  await admin.query('TRUNCATE entry');
  events = [];
  guard = createGuard({ onEvent: (event) => events.push(event) });
});

const types = () => events.map(({ type }) => type);

/** Ends the session that runs the statement, once it does. */
async function terminate(statement: string): Promise<void> {
  const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE query = $1 AND state = 'active' AND wait_event = 'PgSleep'`;
  await expect.poll(async () => (await admin.query(end, [statement])).rowCount).toBe(1);
}

describe('a connection is lost in the middle of a statement', () => {
  test('a read is tried again', async () => {
    const slow = 'SELECT pg_sleep(60)';
    let attempts = 0;
    const read = () => pool.query(++attempts === 1 ? slow : 'SELECT 1 AS one');
    const answer = guard.run(read, { kind: 'read' });
    await terminate(slow);
    expect((await answer).rows).toEqual([{ one: 1 }]);
    expect(events).toMatchObject([{ type: 'retry', finding: { kind: 'server-terminated' } }]);
  });

  test('a write is not: it may have taken effect', async () => {
    const slow = 'INSERT INTO entry SELECT 1 FROM pg_sleep(60)';
    let attempts = 0;
    const write = () => pool.query(++attempts === 1 ? slow : 'INSERT INTO entry VALUES (1)');
    const told = guard.run(write, { kind: 'write' }).catch((error) => error);
    await terminate(slow);
    expect(await told).toMatchObject({ code: '57P01' });
    expect(attempts).toBe(1);
    expect(events).toMatchObject([{ type: 'give-up', reason: 'may-have-run' }]);
  });
});

test('a whole serialisable transaction runs again after a conflict', async () => {
  await admin.query('INSERT INTO entry VALUES (1, 0)');
  let attempts = 0;
  const transfer = async () => {
    attempts++;
    const client = await pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
      const { rows } = await client.query('SELECT n FROM entry WHERE id = 1');
      if (attempts === 1) await admin.query('UPDATE entry SET n = 10 WHERE id = 1');
      await client.query('UPDATE entry SET n = $1 WHERE id = 1', [rows[0].n + 1]);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  };
  await guard.run(transfer, { kind: 'transaction', label: 'transfer' });
  expect(attempts).toBe(2);
  expect((await admin.query('SELECT n FROM entry')).rows).toEqual([{ n: 11 }]);
  const finding = expect.objectContaining({ kind: 'write-conflict-deadlock', code: '40001' });
  expect(events).toEqual([expect.objectContaining({ label: 'transfer', finding })]);
});

test("the application's own errors are its own", async () => {
  const insert = () => pool.query('INSERT INTO entry VALUES (1)');
  await guard.run(insert, { kind: 'write' });
  for (let i = 0; i < 20; i++) {
    await expect(guard.run(insert, { kind: 'write' })).rejects.toMatchObject({ code: '23505' });
  }
  expect(events).toEqual([]);
  expect(guard.breaker?.status().state).toBe('closed');
});

test('an outage: callers are refused at once, and served again when it is over', async () => {
  let sent = 0;
  const read = () => {
    sent++;
    return pool.query('SELECT 1 AS one');
  };
  const call = (): Promise<unknown> => guard.run(read, { kind: 'read' }).catch((error) => error);
  const state = () => guard.breaker?.status().state;
  await call();
  await server.halt('immediate');
  const untilOpen = async () => {
    await call();
    return state();
  };
  await expect.poll(untilOpen).toBe('open');
  // Nobody but a probe now and then.
  events.length = 0;
  sent = 0;
  const answers = await Promise.all(Array.from({ length: 500 }, call));
  expect(answers.filter((answer) => answer instanceof BreakerOpenError).length).toBeGreaterThan(
    490,
  );
  expect(sent).toBeLessThan(10);

  await server.resume();
  const untilClosed = async () => {
    await call();
    return state();
  };
  await expect.poll(untilClosed, { timeout: 10_000 }).toBe('closed');
  expect(types().slice(-2)).toEqual(['breaker-returning', 'breaker-closed']);
  const after = await Promise.all(Array.from({ length: 100 }, call));
  for (const answer of after) expect(answer).toMatchObject({ rows: [{ one: 1 }] });
});
