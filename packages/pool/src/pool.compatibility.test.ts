import { EventEmitter, once } from 'node:events';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { Pool, type PoolConfig } from './index.ts';
import type { PgClient } from './pg-internals.ts';
import { useTestPools, warmUp } from './testing/test-pools.ts';

const pools = useTestPools();

/** What pg's types leave out of a pool. */
interface PgPoolFields {
  readonly _clients: unknown[];
  readonly _idle: { client: unknown }[];
  readonly _pendingQueue: unknown[];
}

const fieldsOf = (pool: unknown) => pool as PgPoolFields;

describe("pg-pool's options", () => {
  test('log hears what becomes of connections', async () => {
    const lines: unknown[] = [];
    const log = (...line: unknown[]) => lines.push(line[0]);
    const used = pools.open({ max: 1, maxUses: 1, log });
    (await used.connect()).release();
    expect(lines).toEqual([
      'connecting new client',
      'new client connected',
      'remove expended client',
    ]);

    lines.length = 0;
    const idle = pools.open({ max: 1, idleTimeoutMillis: 1, log });
    await idle.query('SELECT 1');
    await expect.poll(() => lines).toContain('remove idle client');
    await idle.end();
    expect(lines.at(-1)).toBe('ending');

    lines.length = 0;
    const lost = pools.open({ connectionString: 'postgresql://127.0.0.1:1/x', log });
    await expect(lost.query('SELECT 1')).rejects.toThrow();
    expect(lines).toEqual(['connecting new client', 'client failed to connect']);
  });

  test('Promise makes every promise of the pool', async () => {
    class Own<T> extends Promise<T> {}
    const pool = pools.open({ Promise: Own as unknown as PromiseConstructor });
    const connecting = pool.connect();
    const answers = [connecting, pool.query('SELECT 1'), pool.query('SELECT pg_advisory_lock(1)')];
    for (const answer of answers) expect(answer).toBeInstanceOf(Own);
    (await connecting).release();
    await Promise.all(answers);
    const ending = pool.end();
    expect(ending).toBeInstanceOf(Own);
    await ending;
  });

  test('a password put into pool.options counts for the next connection', async () => {
    const { host, port, user, database, password } = pools.server;
    const config = { host, port, user, database, password: 'outdated' };
    const pool = pools.open({ ...config, connectionString: undefined });
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    pool.options.password = password;
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  test('binary is for what goes by the extended protocol in pg, prepared by the pool or not', async () => {
    const pool = pools.open({ max: 1 });
    const simple = { text: "SELECT 'a'::bytea AS b", binary: true };
    const extended = { text: 'SELECT $1::int AS n', values: [1], binary: true };
    for (let i = 0; i < 5; i++) {
      const { rows, fields } = await pool.query(simple);
      expect(rows).toEqual([{ b: Buffer.from('a') }]);
      expect(fields[0]?.format).toBe('text');
      expect((await pool.query(extended)).fields[0]?.format).toBe('binary');
    }
  });
});

describe("pg-pool's fields", () => {
  test('clients, idle ones and those who wait can be looked at', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    const waiting = pool.connect();
    expect(fieldsOf(pool)).toMatchObject({ _clients: [client], _idle: [] });
    expect(fieldsOf(pool)._pendingQueue).toHaveLength(1);
    client.release();
    (await waiting).release();
    expect(fieldsOf(pool)).toMatchObject({ _idle: [{ client }], _pendingQueue: [] });
  });

  test('expiredCount tells who is used beyond its lifetime', async () => {
    const pool = pools.open({ max: 1, maxLifetimeSeconds: 0.02 });
    const client = await pool.connect();
    await expect.poll(() => pool.expiredCount).toBe(1);
    client.release();
    expect(pool.expiredCount).toBe(0);
  });
});

describe('an idle client that errs on its own', () => {
  test('is told of at once, and leaves the server with a goodbye', async () => {
    const pool = pools.open({ max: 1 });
    const told = once(pool, 'error');
    const removed = new Promise((done) => pool.once('remove', done));
    const client = await pool.connect();
    client.release();
    const { stream } = (client as unknown as PgClient).connection ?? {};
    if (!stream) throw new Error('a client of pg has a wire');
    // Only a server that was told answers with an end; a socket that is cut has none.
    const ended = once(stream, 'end');
    client.emit('error', new Error('on purpose'));
    expect(pool.totalCount).toBe(0);
    expect(await told).toEqual([
      expect.objectContaining({ message: 'on purpose', client }),
      client,
    ]);
    await ended;
    expect(await removed).toBe(client);
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });
});

describe('a pool made to measure', () => {
  test('every statement passes a connect of a subclass', async () => {
    let passed = 0;
    class Counting extends Pool {
      override connect(...args: unknown[]) {
        passed++;
        return super.connect(...(args as [])) as never;
      }
    }
    const pool = new Counting({ connectionString: pools.server.url() });
    await warmUp(pool, 'SELECT 1');
    const before = passed;
    expect(before).toBeGreaterThan(0);
    await pool.query('SELECT 1');
    expect(passed).toBe(before + 1);
    await pool.end();
  });

  test('a client of another kind works as in pg-pool, one statement at a time', async () => {
    class Other extends EventEmitter {
      readonly _queryable = true;
      readonly _ending = false;
      static underWay = 0;
      connect(callback: () => void) {
        process.nextTick(callback);
      }
      query(text: string, _values: unknown, callback: (error: null, result: unknown) => void) {
        Other.underWay++;
        process.nextTick(() => {
          const rows = [{ text, underWay: Other.underWay-- }];
          callback(null, { rows });
        });
      }
      end(callback: () => void) {
        process.nextTick(callback);
      }
    }
    const pool = pools.open({ max: 3, Client: Other as unknown as typeof pg.Client });
    pool.on('error', () => {});
    // Nothing is kept for a lane that such clients don't have.
    const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
    for (const client of clients) client.release();
    clients[0]?.emit('error', new Error('lost'));
    expect(pool.totalCount).toBe(2);

    const single = pools.open({ max: 1, Client: Other as unknown as typeof pg.Client });
    const answers = await Promise.all([single.query('SELECT 1'), single.query('SELECT 2')]);
    expect(answers.map(({ rows }) => rows[0])).toEqual([
      { text: 'SELECT 1', underWay: 1 },
      { text: 'SELECT 2', underWay: 1 },
    ]);
  });

  test('with query_timeout no connection is kept for a lane that nothing goes to', async () => {
    const pool = pools.open({ max: 3, query_timeout: 5_000 });
    const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
    for (const client of clients) client.release();
  });

  test('a submittable used twice harms nobody but its second caller', async () => {
    const pool = pools.open({ max: 2 });
    const query = new pg.Query('SELECT 1 AS n');
    const ask = pool.query as (submittable: unknown) => Promise<pg.QueryResult>;
    expect((await ask.call(pool, query)).rows).toEqual([{ n: 1 }]);
    void ask.call(pool, query);
    expect((await pool.query('SELECT 2 AS n')).rows).toEqual([{ n: 2 }]);
  });
});

describe('query_timeout', () => {
  const slow = 'SELECT pg_sleep(20)';

  test.each([
    ['of the pool', { query_timeout: 50 }, slow],
    ['of the statement', {}, { text: slow, query_timeout: 50 }],
  ])(
    '%s: a statement that it has refused keeps neither the next one waiting nor the end',
    async (_, options, statement) => {
      const pool = pools.open({ max: 1, ...options });
      const client = await pool.connect();
      await expect(client.query(statement)).rejects.toThrow('Query read timeout');
      client.release();
      expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
      await expect(pool.query(statement)).rejects.toThrow('Query read timeout');
      expect((await pool.query('SELECT 2 AS n')).rows).toEqual([{ n: 2 }]);
      const again = await pool.connect();
      const error = await new Promise<Error>((resolve) =>
        again.query(statement as string, resolve),
      );
      expect(error.message).toBe('Query read timeout');
      again.release();
      await pool.end();
    },
  );

  test('what was not awaited, and not refused, is not lost by the release', async () => {
    await pools.admin('CREATE TABLE unawaited (n int)');
    const pool = pools.open({ max: 1, query_timeout: 5_000 });
    const client = await pool.connect();
    const insert = client.query('INSERT INTO unawaited SELECT 1 FROM pg_sleep(0.2)');
    client.release();
    await expect(insert).resolves.toMatchObject({ rowCount: 1 });
  });
});

describe('a client’s process id', () => {
  test('is shown to its holder, and to nobody while others share the connection', async () => {
    const pool = pools.open({ max: 1 });
    const shown: unknown[] = [];
    pool.on('connect', (client) => shown.push((client as { processID?: unknown }).processID));
    pool.on('acquire', (client) => shown.push((client as { processID?: unknown }).processID));
    const { rows } = await pool.query('SELECT 1 AS n');
    expect(rows).toEqual([{ n: 1 }]);
    const client = await pool.connect();
    const { pid } = (await client.query('SELECT pg_backend_pid() AS pid')).rows[0];
    expect(shown).toEqual([pid, null, pid]);
    client.release();
    expect((client as { processID?: unknown }).processID).toBeNull();
  });
});

describe('how many logins at once', () => {
  /** The most logins that were under way together while so many callers came at once. */
  async function mostLogins(options: PoolConfig): Promise<number> {
    let underWay = 0;
    let most = 0;
    class Watched extends pg.Client {
      override connect(...args: unknown[]) {
        const [callback] = args as [(error?: Error) => void];
        most = Math.max(most, ++underWay);
        const connected = (error?: Error) => {
          underWay--;
          callback(error);
        };
        return super.connect(connected) as never;
      }
    }
    const pool = pools.open({ max: 4, ...options, Client: Watched });
    const answers = Array.from({ length: 10 }, () => pool.query('SELECT pg_sleep(0.01)'));
    await Promise.all(answers);
    return most;
  }

  test('one after the other, unless more are allowed', async () => {
    expect(await mostLogins({})).toBe(1);
    expect(await mostLogins({ multiplex: false, connectConcurrency: 1 })).toBe(1);
    expect(await mostLogins({ multiplex: false })).toBe(4);
    expect(await mostLogins({ connectConcurrency: 3 })).toBe(3);
  });
});
