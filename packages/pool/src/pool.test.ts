import { EventEmitter } from 'node:events';
import { setImmediate as eventsHandled, setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, test, vi } from 'vitest';
import { definePool, Pool, PoolClosedError, PoolTimeoutError, withOwner } from './index.ts';
import type { PgClient, PgModule } from './pg-internals.ts';
import { useTestPools, warmUp } from './testing/test-pools.ts';

const pools = useTestPools();

/** What pg's types leave out of `query`. */
type AnyQuery = (...args: unknown[]) => Promise<pg.QueryResult>;

/** The errors that surface while it runs and nobody has caught. */
async function catchingUncaught(run: () => Promise<void>): Promise<unknown[]> {
  const uncaught: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => uncaught.push(error));
  try {
    await run();
    await eventsHandled();
    return uncaught;
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  }
}

describe('the forms of a call', () => {
  test('is a pg.Pool, also of another copy of pg', () => {
    expect(pools.open()).toBeInstanceOf(pg.Pool);
    expect(pools.open().constructor.name).toBe('Pool');
    class OtherPool extends pg.Pool {}
    const Other = definePool({ ...pg, Pool: OtherPool } as unknown as PgModule);
    const other = new Other({ connectionString: pools.server.url() });
    expect(other).toBeInstanceOf(OtherPool);
    expect(other).not.toBeInstanceOf(Pool);
  });

  test('query: text, values, config, row mode, types', async () => {
    const pool = pools.open();
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect((await pool.query('SELECT $1::int AS n', [2])).rows).toEqual([{ n: 2 }]);
    expect((await pool.query({ text: 'SELECT $1::int AS n', values: [3] })).rows).toEqual([
      { n: 3 },
    ]);
    expect((await pool.query({ text: 'SELECT $1::int AS n' }, [4])).rows).toEqual([{ n: 4 }]);
    const array = await pool.query({ text: 'SELECT 5, 6', rowMode: 'array' });
    expect(array.rows).toEqual([[5, 6]]);
    expect(array.fields.map(({ dataTypeID }) => dataTypeID)).toEqual([23, 23]);
    const types = { getTypeParser: () => (text: string) => `<${text}>` };
    expect((await pool.query({ text: 'SELECT 7 AS n', types })).rows).toEqual([{ n: '<7>' }]);
    expect(await pool.query('CREATE TABLE forms (n int)')).toMatchObject({ command: 'CREATE' });
    expect(await pool.query('INSERT INTO forms VALUES (1), (2)')).toMatchObject({ rowCount: 2 });
    expect((await pool.query('')).rows).toEqual([]);
  });

  test('a template of SQL with getters, as sql-template-strings makes them', async () => {
    class Template {
      readonly values = [8];
      get text() {
        return 'SELECT $1::int AS n';
      }
    }
    expect((await pools.open().query(new Template())).rows).toEqual([{ n: 8 }]);
  });

  test.each(['SELECT $1::text AS n', 'SET a.b = 1'])(
    'a config may be used again: %s',
    async (text) => {
      const pool = pools.open();
      const config = { text, values: text.includes('$') ? ['x'] : [] };
      const before = { ...config };
      for (let i = 0; i < 3; i++) expect(await pool.query(config)).toBeInstanceOf(pg.Result);
      expect(config).toEqual(before);
    },
  );

  test('callbacks instead of promises', async () => {
    const pool = pools.open();
    const told = await new Promise((done) => {
      const returned = pool.query('SELECT $1::int AS n', [1], (error, result) =>
        done([error, result.rows, returned]),
      );
    });
    expect(told).toEqual([undefined, [{ n: 1 }], undefined]);
    const withoutValues = await new Promise((done) =>
      pool.query('SELECT 1', (error) => done(error)),
    );
    expect(withoutValues).toBeUndefined();
    const failed = await new Promise((done) =>
      pool.query('SELECT nothing', (error) => done(error)),
    );
    expect(failed).toMatchObject({ code: '42703' });
    const alone = await new Promise((done) =>
      pool.query('SET a.b = 1', (_, { command }) => done(command)),
    );
    expect(alone).toBe('SET');
    const connected = await new Promise<string>((done) => {
      pool.connect((_, client, release) => {
        client?.query('SELECT 1', () => {
          release();
          done('released');
        });
      });
    });
    expect(connected).toBe('released');
    await expect.poll(() => pool.idleCount).toBe(pool.totalCount);
    await new Promise<void>((done) => pool.end(done));
    const refused = await new Promise((done) => pool.connect((error) => done(error)));
    expect(refused).toBeInstanceOf(PoolClosedError);
  });

  test('a callback is never called before its call has returned', async () => {
    const pool = pools.open({ max: 1 });
    await pool.query('SELECT 1');
    const order: string[] = [];
    const done = new Promise<void>((resolve) => {
      pool.connect((_, __, release) => {
        order.push('called');
        release();
        resolve();
      });
    });
    order.push('returned');
    await done;
    expect(order).toEqual(['returned', 'called']);
  });

  test('a function first is refused to that function', async () => {
    const query = pools.open().query as unknown as (callback: (error: Error) => void) => unknown;
    const error = await new Promise<Error>((done) => query.call(pools.open(), done));
    expect(error.message).toMatch(/first parameter to pool\.query is not supported/);
  });

  test('nothing, or no statement, is refused', async () => {
    const pool = pools.open({ max: 1 });
    const query: AnyQuery = (...args) => (pool.query as unknown as AnyQuery).apply(pool, args);
    await expect(query(undefined)).rejects.toThrow(TypeError);
    await expect(query(null)).rejects.toThrow(TypeError);
    await expect(query({})).rejects.toThrow(/text or a name/);
    await expect(query('SELECT $1', 'no array')).rejects.toThrow(/must be an array/);
    expect((await query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  test('a submittable, with and without its own callback, gives its connection back', async () => {
    const pool = pools.open({ max: 1 });
    const submit = pool.query.bind(pool) as unknown as AnyQuery;
    const query = new pg.Query('SELECT 1 AS n');
    const seen: unknown[] = [];
    query.on('row', (row) => seen.push(row));
    await submit(query);
    expect(seen).toEqual([{ n: 1 }]);
    const rows = await new Promise((done) => {
      const callback = (_: Error, result: pg.QueryResult) => done(result.rows);
      submit(Object.assign(new pg.Query('SELECT 2 AS n'), { callback }));
    });
    expect(rows).toEqual([{ n: 2 }]);
    expect((await pool.query('SELECT 3 AS n')).rows).toEqual([{ n: 3 }]);
  });

  test('an error leads back to the caller', async () => {
    const pool = pools.open();
    const myCaller = () => pool.query('SELECT nothing');
    const error = (await myCaller().catch((reason) => reason)) as Error;
    expect(error.stack).toContain('pool.test.ts');
    const refused = (await pool
      .query('SELECT $1', [
        {
          toPostgres: () => {
            throw new Error('mine');
          },
        },
      ])
      .catch((reason) => reason)) as Error;
    expect(refused.message).toBe('mine');
  });
});

describe('a throwing callback', () => {
  test.each(['SELECT 1 AS n', 'SET a.b = 1', 'SELECT nothing'])(
    'after %s harms no neighbour and surfaces as an uncaught error',
    async (text) => {
      const pool = pools.open({ max: 1 });
      await warmUp(pool, 'SELECT $1::int AS n', [0]);
      const uncaught = await catchingUncaught(async () => {
        pool.query(text, () => {
          throw new Error('mine');
        });
        const answers = await Promise.all(
          [1, 2, 3].map((n) => pool.query('SELECT $1::int AS n', [n])),
        );
        expect(answers.map(({ rows }) => rows[0].n)).toEqual([1, 2, 3]);
      });
      expect(uncaught).toEqual([new Error('mine')]);
    },
  );
});

describe('counts and events', () => {
  test('the count is right at once', async () => {
    const pool = pools.open();
    const counts = () => [pool.totalCount, pool.idleCount, pool.waitingCount];
    expect(counts()).toEqual([0, 0, 0]);
    const answer = pool.query('SELECT 1');
    expect(counts()).toEqual([1, 0, 1]);
    await answer;
    expect(counts()).toEqual([1, 1, 0]);
    const client = await pool.connect();
    expect(counts()).toEqual([1, 0, 0]);
    client.release();
    expect(counts()).toEqual([1, 1, 0]);
    expect(pool.expiredCount).toBe(0);
    await pool.end();
    expect(counts()).toEqual([0, 0, 0]);
  });

  test('each event once for each thing that happens', async () => {
    const pool = pools.open({ max: 1 });
    const counts: Record<string, number> = {};
    for (const event of ['connect', 'acquire', 'release', 'remove', 'error'] as const) {
      counts[event] = 0;
      pool.on(event as 'connect', () => {
        counts[event] = (counts[event] ?? 0) + 1;
      });
    }
    await pool.query('SELECT 1');
    await pool.query('SELECT nothing').catch(() => {});
    await pool.query('SET a.b = 1');
    const client = await pool.connect();
    await client.query('SELECT 1');
    client.release();
    expect(counts).toEqual({ connect: 1, acquire: 4, release: 4, remove: 0, error: 0 });
    (await pool.connect()).release(new Error('broken'));
    await expect.poll(() => counts.remove).toBe(1);
    await pool.query('SELECT 1');
    await pool.end();
    expect(counts).toEqual({ connect: 2, acquire: 6, release: 6, remove: 2, error: 0 });
  });

  test('a connection that is lost has released whatever it had acquired', async () => {
    const pool = pools.open({ max: 1 });
    const told: unknown[] = [];
    let idle = -1;
    pool.on('acquire', () => {
      told.push('acquire');
      idle = pool.idleCount;
    });
    pool.on('release', (error) => told.push(error));
    await pool.query('SELECT 1');
    expect(idle).toBe(0);
    told.length = 0;
    const lost = pool.query('SELECT pg_sleep(60)').catch((error) => error);
    await expect.poll(() => pool.stats().inFlight).toBe(1);
    await pools.admin(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND pid <> pg_backend_pid()",
    );
    const error = await lost;
    expect(error).toMatchObject({ code: '57P01', outcome: 'unknown' });
    expect(told).toEqual(['acquire', error]);
  });

  test('the events tell the client, and release its error', async () => {
    const pool = pools.open({ max: 1 });
    const released: unknown[] = [];
    pool.on('release', (error, client) => released.push([error, client]));
    const client = await pool.connect();
    const error = new Error('broken');
    client.release(error);
    expect(released).toEqual([[error, client]]);
  });

  test('listeners of connect may send statements, awaited or not, before anybody else', async () => {
    const pool = pools.open({ max: 2 });
    const failures: unknown[] = [];
    pool.on('connect', async (client) => {
      try {
        await client.query("SET lifeguard.first = 'one'");
        await client.query("SET lifeguard.second = 'two'");
      } catch (error) {
        failures.push(error);
      }
    });
    const text =
      "SELECT current_setting('lifeguard.first') AS a, current_setting('lifeguard.second') AS b";
    expect((await pool.query(text)).rows).toEqual([{ a: 'one', b: 'two' }]);
    expect(failures).toEqual([]);
  });

  test('onConnect is awaited; when it fails the caller is told and the pool goes on', async () => {
    let fail = true;
    const pool = pools.open({
      max: 1,
      onConnect: async (client: pg.ClientBase) => {
        await sleep(1);
        if (fail) throw new Error('not this one');
        await client.query("SET lifeguard.ready = 'yes'");
      },
    });
    await expect(pool.query('SELECT 1')).rejects.toThrow('not this one');
    fail = false;
    const { rows } = await pool.query("SELECT current_setting('lifeguard.ready') AS ready");
    expect(rows).toEqual([{ ready: 'yes' }]);
  });

  test('a listener that throws surfaces, and harms no caller', async () => {
    const pool = pools.open({ max: 1 });
    pool.on('release', () => {
      throw new Error('mine');
    });
    const uncaught = await catchingUncaught(async () => {
      const numbers = Array.from({ length: 20 }, (_, n) => n);
      const answers = await Promise.all(numbers.map((n) => pool.query('SELECT $1::int AS n', [n])));
      expect(answers.map(({ rows }) => rows[0].n)).toEqual(numbers);
    });
    expect(uncaught).toEqual(Array(20).fill(new Error('mine')));
  });

  test('a client of another kind that cannot connect is no more than an error', async () => {
    class Failing extends EventEmitter {
      connect(callback: (error: Error) => void) {
        process.nextTick(callback, new Error('bad news'));
      }
    }
    const pool = pools.open({ Client: Failing } as object);
    await expect(pool.connect()).rejects.toThrow('bad news');
    await expect(pool.query('SELECT 1')).rejects.toThrow('bad news');
  });

  test('adds no listener of its own to itself', () => {
    const pool = pools.open();
    expect(pool.eventNames()).toEqual([]);
  });
});

describe('release', () => {
  test('twice throws', async () => {
    const client = await pools.open().connect();
    client.release();
    expect(() => client.release()).toThrow(/already been released/);
  });

  test('an idle client keeps nothing alive that its last holder knew', async () => {
    const client = await pools.open().connect();
    const { release } = client;
    client.release();
    expect(client.release).not.toBe(release);
    expect(() => release()).toThrow(/already been released/);
  });

  test('a client used after its release is refused, and neighbours are unharmed', async () => {
    const pool = pools.open({ max: 1 });
    await warmUp(pool, 'SELECT $1::int AS n', [0]);
    const client = await pool.connect();
    client.release();
    const neighbours = [1, 2, 3].map((n) => pool.query('SELECT $1::int AS n', [n]));
    await expect(client.query('SELECT 99 AS n')).rejects.toThrow(/after it was released/);
    const told = await new Promise((done) => client.query('SELECT 99', (error) => done(error)));
    expect(told).toBeInstanceOf(Error);
    const query = client.query(new pg.Query('SELECT 99'));
    const [error] = await new Promise<unknown[]>((done) =>
      query.on('error', (...args) => done(args)),
    );
    expect(error).toBeInstanceOf(Error);
    const answers = await Promise.all(neighbours);
    expect(answers.map(({ rows }) => rows[0].n)).toEqual([1, 2, 3]);
  });

  test('of a client that its holder has ended costs nobody else an error', async () => {
    const pool = pools.open({ max: 1 });
    await warmUp(pool, 'SELECT 1 AS n');
    const client = (await pool.connect()) as unknown as PgClient;
    void client.end();
    const next = pool.query('SELECT 1 AS n');
    client.release?.();
    expect((await next).rows).toEqual([{ n: 1 }]);
  });

  test('in use it stays in the pool whatever it emits; a broken one goes when it comes back', async () => {
    const pool = pools.open({ max: 1 });
    const told = vi.fn();
    pool.on('error', told);
    const sound = await pool.connect();
    sound.emit('error', new Error('made up'));
    expect(pool.totalCount).toBe(1);
    sound.release();
    const client = (await pool.connect()) as unknown as PgClient;
    expect(client).toBe(sound);
    const failed = new Promise((done) => client.once('error', done));
    client.connection?.stream.destroy();
    await failed;
    expect(pool.totalCount).toBe(1);
    client.release?.();
    expect(pool.totalCount).toBe(0);
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect(told).not.toHaveBeenCalled();
  });

  test('an idle client that errs goes at once, and the error names it', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    client.release();
    const told: unknown[] = [];
    pool.on('error', (error) => told.push((error as { client?: unknown }).client));
    client.emit('error', new Error('made up'));
    expect([told, pool.totalCount]).toEqual([[client], 0]);
  });

  test('ended from outside, a client with a shared statement under way cuts it', async () => {
    const pool = pools.open({ max: 1 });
    const answer = pool.query('SELECT pg_sleep(60)').catch((error) => error);
    await expect.poll(() => pool.stats().inFlight).toBe(1);
    void (pool as unknown as { _clients: PgClient[] })._clients[0]?.end();
    expect(await answer).toMatchObject({ outcome: 'unknown' });
  });

  test('inside BEGIN is rolled back, and the next borrower is clean', async () => {
    const pool = pools.open({ max: 1 });
    await pool.query('CREATE TABLE abandoned (n int)');
    await warmUp(pool, 'SELECT count(*)::int AS n FROM abandoned');
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query("SET LOCAL search_path = 'nowhere'");
    await client.query('INSERT INTO public.abandoned VALUES (1)');
    const next = pool.query('SELECT count(*)::int AS n FROM abandoned');
    const borrower = pool.connect();
    client.release();
    expect((await next).rows).toEqual([{ n: 0 }]);
    const clean = (await borrower) as unknown as PgClient & pg.PoolClient;
    expect(clean.getTransactionStatus()).toBe('I');
    clean.release();
    expect(pool.stats().counts.abandonedTransactions).toBe(1);
    expect(pool.totalCount).toBe(1);
  });

  test('in a failed transaction, or with statements not awaited, is clean as well', async () => {
    const pool = pools.open({ max: 1 });
    await warmUp(pool, 'SELECT 1 AS n');
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT nothing').catch(() => {});
    const late = [client.query('SELECT 1').catch((error) => error.code), client.query('ROLLBACK')];
    const next = pool.query('SELECT 1 AS n');
    client.release();
    expect((await next).rows).toEqual([{ n: 1 }]);
    expect(await late[0]).toBe('25P02');
    await late[1];
  });

  test('while its statement runs: the next caller gets its own answer', async () => {
    const pool = pools.open({ max: 1 });
    await warmUp(pool, 'SELECT $1::int AS n', [0]);
    for (let n = 1; n <= 20; n++) {
      const client = await pool.connect();
      const own = client.query('SELECT -1 AS n');
      const next = pool.query('SELECT $1::int AS n', [n]);
      client.release();
      expect((await next).rows).toEqual([{ n }]);
      expect((await own).rows).toEqual([{ n: -1 }]);
    }
  });

  test('from within the callback of its last statement: the same', async () => {
    const pool = pools.open({ max: 1 });
    await warmUp(pool, 'SELECT $1::int AS n', [0]);
    for (let n = 1; n <= 20; n++) {
      const client = await pool.connect();
      client.query('SELECT -1', () => client.release());
      expect((await pool.query('SELECT $1::int AS n', [n])).rows).toEqual([{ n }]);
    }
  });
});

describe('query_timeout and lost writes', () => {
  test.each(['in code', 'in the URL'])(
    '%s, inside a transaction that is then given back: no write of a neighbour is lost',
    async (where) => {
      const table = `writes_${where.replaceAll(' ', '_')}`;
      await pools.admin(`CREATE TABLE ${table} (n int PRIMARY KEY)`);
      const pool = pools.open(
        where === 'in code'
          ? { max: 1, query_timeout: 100 }
          : { max: 1, connectionString: pools.server.url({ query_timeout: 100 }) },
      );
      const client = await pool.connect();
      await client.query('BEGIN');
      const slow = client.query('SELECT pg_sleep(0.5)').catch((error) => error.message);
      const rollback = client.query('ROLLBACK').catch((error) => error.message);
      expect(await Promise.all([slow, rollback])).toEqual([
        'Query read timeout',
        'Query read timeout',
      ]);
      client.release();
      const writes = [1, 2, 3].map((n) => pool.query(`INSERT INTO ${table} VALUES ($1)`, [n]));
      const settled = await Promise.allSettled(writes);
      const acknowledged = settled.filter(({ status }) => status === 'fulfilled').length;
      expect(acknowledged).toBeGreaterThan(0);
      const { rows } = await pools.admin(`SELECT count(*)::int AS n FROM ${table}`);
      expect(rows).toEqual([{ n: acknowledged }]);
    },
  );

  test('its timer kills no shared connection after the answer', async () => {
    const pool = pools.open({ max: 1, connectionString: pools.server.url({ query_timeout: 50 }) });
    const removed = vi.fn();
    pool.on('remove', removed);
    for (let i = 0; i < 3; i++) await pool.query('SELECT 1');
    await sleep(100);
    await pool.query('SELECT 1');
    expect(removed).not.toHaveBeenCalled();
  });
});

describe('sharing', () => {
  test('a failing statement costs no connection', async () => {
    const pool = pools.open({ max: 5 });
    await pool.query('CREATE TABLE taken (n int PRIMARY KEY)');
    await pool.query('INSERT INTO taken VALUES (1)');
    const insert = () =>
      pool.query('INSERT INTO taken VALUES ($1)', [1]).catch((error) => error.code);
    const codes = await Promise.all(Array.from({ length: 400 }, insert));
    expect(new Set(codes)).toEqual(new Set(['23505']));
    const { counts, errors } = pool.stats();
    expect(counts.connects).toBeLessThanOrEqual(5);
    expect(errors).toEqual({ '23505': 400 });
  });

  test('each caller gets its own answer', async () => {
    const pool = pools.open({ max: 3 });
    const ids = Array.from({ length: 1_000 }, (_, id) => id);
    const answers = await Promise.all(
      ids.map((id) =>
        id % 7 === 0
          ? pool.query(`SELECT ${id}::int AS id`)
          : pool.query('SELECT $1::int AS id', [id]),
      ),
    );
    expect(answers.map(({ rows }) => rows[0].id)).toEqual(ids);
  });

  test('BEGIN through pool.query does not capture the neighbours', async () => {
    const pool = pools.open({ max: 1 });
    await pool.query('CREATE TABLE captured (n int)');
    await warmUp(pool, 'SELECT 1');
    await Promise.all([
      pool.query('BEGIN'),
      ...[1, 2, 3].map((n) => pool.query('INSERT INTO captured VALUES ($1)', [n])),
    ]);
    const { rows } = await pools.admin('SELECT count(*)::int AS n FROM captured');
    expect(rows).toEqual([{ n: 3 }]);
    expect(pool.stats().counts.abandonedTransactions).toBe(1);
  });

  test('a connection on which a transaction was opened all the same is closed', async () => {
    const pool = pools.open({ max: 1 });
    const removed = vi.fn();
    pool.on('remove', removed);
    await warmUp(pool, 'SELECT 1 AS n');
    const [client] = (pool as unknown as { _clients: PgClient[] })._clients;
    // Behind the pool's back, for no statement is known that its classes let through.
    client?.connection?.query('BEGIN');
    await expect.poll(() => removed.mock.calls).toHaveLength(1);
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  test('several statements in one string', async () => {
    const pool = pools.open({ max: 1 });
    const results = (await pool.query(
      'SELECT 1 AS n; SELECT 2 AS n',
    )) as unknown as pg.QueryResult[];
    expect(results.map(({ rows }) => rows)).toEqual([[{ n: 1 }], [{ n: 2 }]]);
  });

  test('a session statement gets a connection of its own', async () => {
    const pool = pools.open({ max: 2 });
    expect(pool.stats().counts.checkouts).toBe(0);
    await pool.query('SELECT pg_advisory_lock(1)');
    await pool.query('SELECT pg_advisory_unlock_all()');
    expect(pool.stats().counts).toMatchObject({ checkouts: 2, statements: 0 });
  });

  test('multiplex: false sends one statement at a time per connection', async () => {
    const pool = pools.open({ max: 2, multiplex: false });
    await warmUp(pool, 'SELECT 1');
    const answers = Array.from({ length: 20 }, () => pool.query('SELECT 1'));
    expect(pool.stats().inFlight).toBeLessThanOrEqual(2);
    await Promise.all(answers);
  });

  test('many parsers, and one that throws, beside each other', async () => {
    const pool = pools.open({ max: 1 });
    const text = 'SELECT generate_series(1, 3) AS n';
    await warmUp(pool, text);
    const types = {
      getTypeParser: () => () => {
        throw new Error('cannot parse');
      },
    };
    const [before, thrown, after] = await Promise.allSettled([
      pool.query(text),
      pool.query({ text, types }),
      pool.query(text),
    ]);
    expect(thrown).toMatchObject({ status: 'rejected', reason: new Error('cannot parse') });
    for (const each of [before, after])
      expect(each).toMatchObject({ status: 'fulfilled', value: { rowCount: 3 } });
  });
});

describe('end', () => {
  test('serves those who wait', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    const waiting = [pool.query('SELECT 1 AS n'), pool.connect().then((c) => c.release())];
    const ended = pool.end();
    await expect(pool.query('SELECT 1')).rejects.toBeInstanceOf(PoolClosedError);
    await expect(pool.connect()).rejects.toThrow('Cannot use a pool after calling end on the pool');
    await expect(pool.end()).rejects.toThrow('Called end on pool more than once');
    expect(pool.ended).toBe(false);
    client.release();
    await Promise.all(waiting);
    await ended;
    expect(pool).toMatchObject({ ended: true, ending: true, totalCount: 0 });
  });

  test('with a timeout it refuses them and cuts what is under way', async () => {
    const pool = pools.open({ max: 1 });
    const holder = await pool.connect();
    const running = holder.query('SELECT pg_sleep(60)');
    const waiting = [pool.query('SELECT 1'), pool.connect()];
    const settled = Promise.allSettled([running, ...waiting]);
    await pool.end({ timeout: 20 });
    const [cut, ...refused] = await settled;
    expect(cut).toMatchObject({ status: 'rejected' });
    await expect(holder.query('SELECT 1')).rejects.toThrow(/not queryable/);
    for (const each of refused) {
      expect(each).toMatchObject({
        status: 'rejected',
        reason: { name: 'PoolClosedError', outcome: 'not-sent' },
      });
    }
    holder.release();
  });

  test('with a timeout, a shared statement under way is cut with an unknown outcome', async () => {
    const pool = pools.open({ max: 1 });
    const running = pool.query('SELECT pg_sleep(60)').catch((error) => error);
    await expect.poll(() => pool.stats().inFlight).toBe(1);
    await pool.end({ timeout: 20 });
    expect(await running).toMatchObject({ outcome: 'unknown' });
  });

  test.each([0, 1, 2, 3])('ends with min: %d', async (min) => {
    const pool = pools.open({ min, max: 3 });
    await pool.query('SELECT 1');
    await expect.poll(() => pool.idleCount).toBe(Math.max(1, min));
    await pool.end();
    expect(pool.totalCount).toBe(0);
  });

  test('at once when nothing was ever opened, and while connecting', async () => {
    await pools.open().end();
    const pool = pools.open();
    const answer = pool.query('SELECT 1 AS n');
    await pool.end();
    expect((await answer).rows).toEqual([{ n: 1 }]);
  });
});

describe('stats', () => {
  test('every documented field, and no literal or parameter anywhere', async () => {
    const pool = pools.open({ max: 1, connectionTimeoutMillis: 200 });
    await pool.query("SELECT 'SECRET' AS a, $1::text AS b", ['SECRET']);
    await pool.query("SELECT 'SECRET'::int").catch(() => {});
    const client = await withOwner('Order.pay', () => pool.connect());
    await client.query("SELECT 'SECRET', $1::text", ['SECRET']);
    const refusal = (await pool
      .query("SELECT 'SECRET'")
      .catch((error) => error)) as PoolTimeoutError;
    expect(refusal).toBeInstanceOf(PoolTimeoutError);
    const stats = pool.stats();
    client.release();
    const histogram = {
      count: expect.any(Number),
      meanMillis: expect.any(Number),
      p50Millis: expect.any(Number),
      p90Millis: expect.any(Number),
      p99Millis: expect.any(Number),
      maxMillis: expect.any(Number),
    };
    expect(stats).toEqual({
      connections: { max: 1, total: 1, idle: 0, checkedOut: 1, shared: 0, connecting: 0, peak: 1 },
      pending: 0,
      inFlight: 0,
      counts: {
        statements: 2,
        checkouts: 1,
        waited: expect.any(Number),
        timeouts: 1,
        shed: 0,
        connects: 1,
        connectFailures: 0,
        abandonedTransactions: 0,
        leaks: 0,
        restarts: 0,
        resets: 0,
      },
      errors: { '22P02': 1 },
      statementsPerSecond: 2,
      wait: histogram,
      use: histogram,
      create: histogram,
      service: histogram,
      holders: [
        {
          id: expect.any(Number),
          owner: 'Order.pay',
          heldMillis: expect.any(Number),
          idleMillis: expect.any(Number),
          inTransaction: false,
          statements: 1,
          site: expect.stringContaining('pool.test.ts'),
        },
      ],
      owners: [],
      statements: expect.any(Array),
      waiting: [],
      fanOuts: [],
      nPlusOnes: [],
      nested: [expect.objectContaining({ holder: 'Order.pay', count: 1, refused: 0 })],
      lastConnectError: undefined,
    });
    expect(stats.wait.count).toBe(3);
    expect(
      stats.statements.map(({ statement, executions, errors }) => [statement, executions, errors]),
    ).toEqual(
      expect.arrayContaining([
        ['SELECT ? AS a, $1::text AS b', 1, 0],
        ['SELECT ?::int', 1, 1],
      ]),
    );
    expect(JSON.stringify([stats, pool.stats(), refusal.message, refusal.stats])).not.toContain(
      'SECRET',
    );
    expect(pool.stats().owners).toMatchObject([{ owner: 'Order.pay', checkouts: 1 }]);
  });

  test('a holder in a transaction, idle, and named by its first statement', async () => {
    const pool = pools.open({ max: 2 });
    const client = await pool.connect();
    await withOwner('Product.update', () => client.query('BEGIN'));
    await sleep(5);
    const [holder] = pool.stats().holders;
    expect(holder).toMatchObject({ owner: 'Product.update', inTransaction: true, statements: 1 });
    expect(holder?.idleMillis).toBeGreaterThanOrEqual(4);
    expect(holder?.idleMillis).toBeLessThanOrEqual(holder?.heldMillis as number);
    await client.query('COMMIT');
    expect(pool.stats().holders).toMatchObject([{ inTransaction: false, statements: 2 }]);
    client.release();
  });

  test('a checkout is never named after somebody who only released', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    const alone = pool.query('SET a.b = 1');
    withOwner('Order.pay', () => client.release());
    await alone;
    expect(pool.stats().owners.map(({ owner }) => owner)).toEqual(['an unnamed checkout']);
  });
});
