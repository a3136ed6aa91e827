import pg from 'pg';
import { expect, test } from 'vitest';
import { type Pool, PoolError } from './index.ts';
import { useTestPools } from './testing/test-pools.ts';

const pools = useTestPools({ max_connections: 40 });

const CALLERS = 100;
const OPERATIONS = 20;
const KILLS = 8;

/** What a caller believes of its write: it was acknowledged, certainly not done, or it can't know. */
type Belief = 'done' | 'not done' | 'unknown';

/** The same numbers in every run, so that a failure can be looked at again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

class Ledger {
  readonly beliefs = new Map<number, Belief>();
  #last = 0;

  next(): number {
    return ++this.#last;
  }
}

/** An answer of the server that refuses is certain; a lost connection is not. */
function beliefAfter(error: unknown): Belief {
  if (error instanceof PoolError) return 'not done';
  return error instanceof pg.DatabaseError && error.severity === 'ERROR' ? 'not done' : 'unknown';
}

async function read(pool: Pool, ledger: Ledger): Promise<void> {
  const id = ledger.next();
  const { rows } = await pool.query('SELECT $1::int AS id', [id]);
  expect(rows).toEqual([{ id }]);
}

async function write(pool: Pool, ledger: Ledger): Promise<void> {
  const id = ledger.next();
  try {
    const { rows } = await pool.query('INSERT INTO ledger VALUES ($1) RETURNING id', [id]);
    expect(rows).toEqual([{ id }]);
    ledger.beliefs.set(id, 'done');
  } catch (error) {
    ledger.beliefs.set(id, beliefAfter(error));
    throw error;
  }
}

async function fail(pool: Pool, ledger: Ledger): Promise<void> {
  const id = ledger.next();
  const error = await pool.query(`SELECT 'x${id}'::int`).catch((reason) => reason);
  // Its own error, not a neighbour's.
  if (error.code === '22P02') expect(error.message).toContain(`x${id}`);
  else throw error;
}

async function transaction(pool: Pool, ledger: Ledger, end: 'COMMIT' | 'ROLLBACK' | 'nothing') {
  const id = ledger.next();
  let belief: Belief = 'not done';
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query('INSERT INTO ledger VALUES ($1) RETURNING id', [id]);
    expect(rows).toEqual([{ id }]);
    if (end === 'nothing') return;
    if (end === 'COMMIT') belief = 'unknown';
    await client.query(end);
    if (end === 'COMMIT') belief = 'done';
  } finally {
    ledger.beliefs.set(id, belief);
    client.release();
  }
}

async function operate(pool: Pool, ledger: Ledger, choice: number): Promise<void> {
  if (choice < 0.35) return read(pool, ledger);
  if (choice < 0.6) return write(pool, ledger);
  if (choice < 0.7) return fail(pool, ledger);
  if (choice < 0.8) return transaction(pool, ledger, 'COMMIT');
  if (choice < 0.87) return transaction(pool, ledger, 'ROLLBACK');
  if (choice < 0.94) return transaction(pool, ledger, 'nothing');
  await pool.query('SET lifeguard.torture = 1');
}

test.each([
  { max: 1 },
  { max: 5 },
  { max: 5, multiplex: false },
  { max: 8, maxUses: 20, prepareCacheSize: 1 },
])(
  'everybody gets its own answer, and each acknowledged write is there once: %j',
  async (options) => {
    await pools.admin('DROP TABLE IF EXISTS ledger; CREATE TABLE ledger (id int)');
    const pool = pools.open({ ...options, application_name: 'torture' });
    const ledger = new Ledger();
    const random = seeded(options.max);
    let finished = 0;
    const unexpected: unknown[] = [];
    const caller = async () => {
      for (let i = 0; i < OPERATIONS; i++) {
        try {
          await operate(pool, ledger, random());
        } catch (error) {
          if (!isLoss(error)) unexpected.push(error);
        }
        finished++;
      }
    };
    const callers = Promise.all(Array.from({ length: CALLERS }, caller));
    for (let kill = 1; kill <= KILLS; kill++) {
      const due = (CALLERS * OPERATIONS * kill) / (KILLS + 1);
      await expect
        .poll(() => finished, { interval: 1, timeout: 10_000 })
        .toBeGreaterThanOrEqual(due);
      await pools.admin(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'torture' LIMIT 1",
      );
    }
    await callers;
    expect(unexpected).toEqual([]);
    expect(finished).toBe(CALLERS * OPERATIONS);
    await expect.poll(() => pool.stats()).toMatchObject({ pending: 0, inFlight: 0, holders: [] });
    expect(pool.totalCount).toBeLessThanOrEqual(options.max);
    await pool.end();

    const { rows } = await pools.admin('SELECT id, count(*)::int AS times FROM ledger GROUP BY id');
    const times = new Map<number, number>(rows.map(({ id, times }) => [id, times]));
    const wrong = [...ledger.beliefs].filter(([id, belief]) => {
      const found = times.get(id) ?? 0;
      if (belief === 'done') return found !== 1;
      return belief === 'not done' ? found !== 0 : found > 1;
    });
    expect(wrong).toEqual([]);
    expect(
      [...ledger.beliefs.values()].filter((belief) => belief === 'done').length,
    ).toBeGreaterThan(300);
  },
);

/** What a killed backend may look like to whoever used it. */
function isLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: string };
  return (
    code === '57P01' ||
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    /Connection terminated|connection error and is not queryable/.test(error.message)
  );
}
