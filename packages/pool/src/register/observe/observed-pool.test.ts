import { once } from 'node:events';
import pg from 'pg';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type PoolStats, RequestScope, withOwner, withRequest } from '../../index.ts';
import type { PgClient, PgModule } from '../../pg-internals.ts';
import type { Pool as LifeguardPool } from '../../pool-types.ts';
import { Recorder } from '../../stats/recorder.ts';
import { useTestPools, watch } from '../../testing/test-pools.ts';
import { defineObservedPool } from './observed-pool.ts';

/** Executions by what is shown of a statement. */
function executionsOf(statements: PoolStats['statements']): Record<string, number> {
  return Object.fromEntries(statements.map(({ statement, executions }) => [statement, executions]));
}

type PoolClass = new (config: pg.PoolConfig) => LifeguardPool;

const Observed = defineObservedPool(pg as unknown as PgModule) as unknown as PoolClass;
const Plain = pg.Pool as unknown as PoolClass;

const pools = useTestPools();
const opened: pg.Pool[] = [];
afterEach(async () => {
  // A pool of pg waits for what a failed test has not given back as long as it takes.
  const ending = opened
    .splice(0)
    .filter((pool) => !pool.ended && pool.totalCount === pool.idleCount);
  await Promise.all(ending.map((pool) => pool.end()));
});

function open(config: pg.PoolConfig = {}, Class = Observed): LifeguardPool {
  const pool = new Class({ connectionString: pools.server.url(), ...config });
  opened.push(pool);
  return pool;
}

/** Waits for a connection are short in `run`; pg-pool bounds logins by the same, which may take longer. */
async function withWait<T>(pool: pg.Pool, run: () => Promise<T>): Promise<T> {
  pool.options.connectionTimeoutMillis = 20;
  try {
    return await run();
  } finally {
    pool.options.connectionTimeoutMillis = 0;
  }
}

describe('stats() of a pool that is pg’s own', () => {
  test('counts statements by their text, however they are given', async () => {
    const pool = open({ max: 1 });
    await pool.query('SELECT 1');
    await pool.query('SELECT $1::int', [2]);
    await pool.query({ text: 'SELECT $1::int', values: [3] });
    await new Promise((resolve) => pool.query('SELECT $1::int', [4], resolve));
    await new Promise((resolve) => pool.query('SELECT 1', resolve));
    const client = await pool.connect();
    await client.query('SELECT 1');
    await new Promise((resolve) => client.query('SELECT $1::int', [5], resolve));
    await new Promise((resolve) => client.query({ text: 'SELECT 1' }, resolve));
    client.release();
    const { counts, statements, service, wait, use, create, connections } = pool.stats();
    expect(counts).toMatchObject({ statements: 8, checkouts: 1, connects: 1, timeouts: 0 });
    expect(executionsOf(statements)).toEqual({ 'SELECT ?': 4, 'SELECT $1::int': 4 });
    expect([service.count, wait.count, use.count, create.count]).toEqual([8, 6, 1, 1]);
    expect(connections).toEqual({
      max: 1,
      total: 1,
      idle: 1,
      checkedOut: 0,
      shared: 0,
      connecting: 0,
      peak: 1,
    });
  });

  test('shows who holds a connection, and who waits', async () => {
    const pool = open({ max: 2 });
    const client = await withRequest(new RequestScope('POST /orders'), () =>
      withOwner('place order', () => pool.connect()),
    );
    await client.query('BEGIN');
    const slow = watch(pool.query('SELECT pg_sleep(30)'));
    const waiting = [pool.query('SELECT 1'), pool.connect()] as const;
    const stats = pool.stats();
    expect(stats.holders).toEqual([
      {
        id: expect.any(Number),
        owner: 'place order in POST /orders',
        heldMillis: expect.any(Number),
        idleMillis: expect.any(Number),
        inTransaction: true,
        statements: 1,
        site: expect.stringMatching(/observe\/observed-pool\.test\.ts:\d+:\d+\)?$/),
      },
    ]);
    expect(stats.connections).toMatchObject({ total: 2, checkedOut: 1 });
    expect(stats.pending).toBe(3);
    expect(stats.waiting).toEqual([
      { owner: 'a statement', callers: 2, longestMillis: expect.any(Number) },
      { owner: 'a checkout', callers: 1, longestMillis: expect.any(Number) },
    ]);
    const cancel = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query ~ '^SELECT pg_sleep'`;
    // Its login takes a while.
    while (!slow.done) await pools.admin(cancel);
    await expect(slow.promise).rejects.toThrow('canceling');
    await client.query('ROLLBACK');
    client.release();
    await waiting[0];
    (await waiting[1]).release();
    const { pending, errors, owners, counts } = pool.stats();
    expect([pending, errors]).toEqual([0, { 57014: 1 }]);
    expect(owners.map(({ owner, checkouts }) => [owner, checkouts])).toEqual([
      ['place order in POST /orders', 1],
      ['an unnamed checkout', 1],
    ]);
    expect(counts).toMatchObject({ checkouts: 2, abandonedTransactions: 0 });
  });

  test('counts transactions that were left open, which pg lends on', async () => {
    const pool = open({ max: 1 });
    const client = await pool.connect();
    await client.query('BEGIN');
    client.release();
    expect(pool.stats().counts.abandonedTransactions).toBe(1);
    const { rows } = await pool.query('SELECT now() = statement_timestamp() AS "first"');
    expect(rows).toEqual([{ first: false }]);
  });

  test('counts waits in vain, logins that failed, and connections lost', async () => {
    const pool = open({ max: 1 });
    const client = await pool.connect();
    await withWait(pool, () => expect(pool.query('SELECT 1')).rejects.toThrow('timeout exceeded'));
    client.release();
    const lost = once(pool, 'error');
    const { processID } = client as unknown as PgClient;
    await pools.admin('SELECT pg_terminate_backend($1)', [processID]);
    await lost;
    expect(pool.stats()).toMatchObject({
      pending: 0,
      counts: { timeouts: 1, connects: 1, connectFailures: 0 },
      errors: { '57P01': 1 },
    });

    const nowhere = open({ host: '127.0.0.1', port: 1, connectionString: undefined });
    await expect(nowhere.query('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(nowhere.stats()).toMatchObject({
      pending: 0,
      connections: { connecting: 0, total: 0, peak: 1 },
      counts: { connects: 0, connectFailures: 1 },
      lastConnectError: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('sees the end of a statement that only its reader ends', async () => {
    const pool = open({ max: 1 });
    const client = await pool.connect();
    const query = client.query(new pg.Query('SELECT 1 AS n'));
    await once(query, 'end');
    await client.query('SELECT 1');
    client.release();
    const { statements, holders } = pool.stats();
    expect(executionsOf(statements)).toEqual({ 'SELECT ? AS n': 1, 'SELECT ?': 1 });
    expect(holders).toEqual([]);
  });

  test('tells a request that fans out', async () => {
    const pool = open({ max: 2 });
    await withRequest(new RequestScope('GET /home'), () =>
      Promise.all(Array.from({ length: 8 }, (_, i) => pool.query('SELECT $1::int', [i]))),
    );
    await withRequest(new RequestScope('GET /quiet'), async () => {
      for (let i = 0; i < 8; i++) await pool.query('SELECT $1::int', [i]);
    });
    expect(pool.stats().fanOuts).toEqual([
      {
        route: 'GET /home',
        owner: 'one statement',
        statement: 'SELECT $1::int',
        requests: 1,
        peak: 8,
      },
    ]);
  });
});

describe('all else is as without it', () => {
  /** What happens to a pool, as a program sees it. */
  async function story(Class: PoolClass): Promise<unknown[]> {
    const seen: unknown[] = [];
    const outcome = async (name: string, run: () => unknown) => {
      try {
        const value = await run();
        seen.push([name, (value as { rows?: unknown } | undefined)?.rows ?? typeof value]);
      } catch (error) {
        const { message, code } = error as Error & { code?: string };
        seen.push([name, Object.getPrototypeOf(error).constructor.name, code, message]);
      }
    };
    const pool = open({ max: 1 }, Class);
    for (const event of ['connect', 'acquire', 'release', 'error'] as const) {
      pool.on(event as 'connect', () => void seen.push(event));
    }
    // When a server says goodbye is chance.
    let removed = 0;
    pool.on('remove', () => void removed++);
    await outcome('query', () => pool.query('SELECT 1 AS n'));
    await outcome('statement error', () => pool.query('SELECT 1/0'));
    await outcome('bad value', () => pool.query('SELECT $1', [{ toPostgres: () => raise('own') }]));
    await outcome('nothing', () => pool.query(undefined as never));
    await outcome('function first', () => pool.query((() => {}) as never));
    await outcome('checkout', async () => {
      const client = await pool.connect();
      await outcome('late', () => withWait(pool, () => pool.connect()));
      await outcome('in it', () => client.query('SELECT 2 AS n'));
      await outcome('error in it', () => client.query('SELEC'));
      await outcome('null', () => client.query(null as never));
      client.release();
      await outcome('twice', () => client.release());
      // As pg-pool has it, and a hazard: nobody holds it now.
      await outcome('used after', () => client.query('SELECT 3 AS n'));
    });
    await outcome('with an error', async () => (await pool.connect()).release(new Error('broken')));
    const order = Array.from({ length: 3 }, (_, n) =>
      pool.query('SELECT $1::int AS n', [n]).then(({ rows }) => seen.push(rows[0].n)),
    );
    const callbacks = new Promise((resolve) => {
      pool.connect((error, client, release) => {
        seen.push([error, typeof client?.query, typeof release]);
        release();
        pool.query('SELECT 4 AS n', (_, { rows }) => resolve(seen.push(rows)));
      });
    });
    seen.push([pool.totalCount, pool.idleCount, pool.waitingCount, pool.expiredCount]);
    await Promise.all([...order, callbacks]);
    await outcome('end', () => pool.end());
    await outcome('after', () => pool.connect());
    await outcome('query after', () => pool.query('SELECT 1'));
    await outcome('end again', () => pool.end());
    while (removed < seen.filter((entry) => entry === 'connect').length) await once(pool, 'remove');
    return seen;
  }

  test('results, errors, events and their order', async () => {
    expect(await story(Observed)).toEqual(await story(Plain));
  });

  test('also when measuring fails', async () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const broken = vi.spyOn(Recorder.prototype, 'checkoutEnded').mockImplementation(() => {
      throw new Error('broken');
    });
    for (const part of ['served', 'answered', 'failed'] as const) {
      vi.spyOn(Recorder.prototype, part).mockImplementation(broken as never);
    }
    const seen = await story(Observed);
    vi.restoreAllMocks();
    expect(seen).toEqual(await story(Plain));
    expect(written.mock.calls).toEqual([
      [expect.stringMatching(/^lifeguard: a measurement failed/)],
    ]);
  });

  test('errors lead to whoever asked', async () => {
    const pool = open({ max: 1 });
    async function askedHere() {
      await pool.connect();
    }
    const client = await pool.connect();
    const error: Error = await withWait(pool, () => askedHere().catch((thrown) => thrown));
    expect(error.stack).toContain('askedHere');
    async function askedThere() {
      await client.query('SELEC');
    }
    const another: Error = await askedThere().catch((thrown) => thrown);
    expect(another.stack).toContain('askedThere');
    client.release();
  });

  test('a client is one of pg, under its name, and the pool’s options are pg-pool’s', async () => {
    const pool = open({ max: 3 });
    const client = await pool.connect();
    expect(client).toBeInstanceOf(pg.Client);
    expect(client.constructor.name).toBe('Client');
    expect(pool).toBeInstanceOf(pg.Pool);
    client.release();
    expect(pool.options).toEqual(open({ max: 3 }, Plain).options);
  });
});

function raise(message: string): never {
  throw new Error(message);
}
