import type pg from 'pg';
import { withDeadline } from '../../../context/context.ts';
import { PoolError } from '../../../errors/index.ts';
import { type Desk, expectEqual, type Operation, write } from '../operation.ts';

const SLEEP = 'SELECT $1::int AS id, pg_sleep(0.004)';
const SLEEPY_WRITE = `WITH slept AS (SELECT pg_sleep(0.004))
  INSERT INTO ledger SELECT $1::int FROM slept RETURNING id`;

/** Somewhere between before it is sent and after its answer. */
const soon = (id: number) => id % 7;

interface Interrupt {
  readonly signal: AbortSignal;
  /** Passes on what the answer is, unless it is this very interrupt. */
  orOwn<T>(answer: Promise<T>): Promise<T | undefined>;
}

function interruptSoon(id: number): Interrupt {
  const abort = new AbortController();
  const own = new Error(`${id} has no more time`);
  const timer = setTimeout(() => abort.abort(own), soon(id));
  return {
    signal: abort.signal,
    orOwn: (answer) =>
      answer
        .catch((error: unknown) => {
          if (error === own) return undefined;
          throw error;
        })
        .finally(() => clearTimeout(timer)),
  };
}

/** What pg's types don't know. */
function query(desk: Desk, text: string, values: unknown[], signal: AbortSignal) {
  const config = { text, values, signal } as pg.QueryConfig;
  return desk.pool.query(config);
}

/** Callers who lose their patience: nobody else is struck by what becomes of their statements. */
export const INTERRUPTED: readonly Operation[] = [
  {
    name: 'read that is aborted',
    weight: 2,
    async run(desk, id) {
      const { signal, orOwn } = interruptSoon(id);
      const result = await orOwn(query(desk, SLEEP, [id], signal));
      if (result) expectEqual(result.rows[0].id, id);
    },
  },
  {
    name: 'write that is aborted',
    weight: 2,
    async run(desk, id) {
      const { signal, orOwn } = interruptSoon(id);
      const result = await orOwn(write(desk, id, query(desk, SLEEPY_WRITE, [id], signal)));
      if (result) expectEqual(result.rows[0].id, id);
    },
  },
  {
    name: 'checkout that is aborted',
    weight: 1,
    async run({ pool }, id) {
      const { signal, orOwn } = interruptSoon(id);
      const connect = pool.connect as unknown as (o: object) => Promise<pg.PoolClient>;
      const client = await orOwn(connect.call(pool, { signal }));
      if (!client) return;
      try {
        expectEqual((await client.query('SELECT $1::int AS id', [id])).rows[0].id, id);
      } finally {
        client.release();
      }
    },
  },
  {
    name: 'read past its deadline',
    weight: 2,
    async run({ pool }, id) {
      const result = await orTooLate(withDeadline(soon(id), () => pool.query(SLEEP, [id])));
      if (result) expectEqual(result.rows[0].id, id);
    },
  },
  {
    name: 'write past its deadline',
    weight: 2,
    async run(desk, id) {
      const answer = withDeadline(soon(id), () => desk.pool.query(SLEEPY_WRITE, [id]));
      const result = await orTooLate(write(desk, id, answer));
      if (result) expectEqual(result.rows[0].id, id);
    },
  },
];

/** Undefined for an answer that came too late, or of which nobody knows. */
async function orTooLate<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const { code } = error as { code?: string };
    // Its own statement was cancelled, and the server said so in time.
    if (error instanceof PoolError || code === '57014') return undefined;
    throw error;
  }
}
