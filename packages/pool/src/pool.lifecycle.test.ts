import { execFile } from 'node:child_process';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import type pg from 'pg';
import { describe, expect, test, vi } from 'vitest';
import { type Holder, withDeadline } from './index.ts';
import type { PgClient } from './pg-internals.ts';
import { useTestPools } from './testing/test-pools.ts';

const pools = useTestPools();

/** What a process of its own can run: Node 20 knows no TypeScript. */
const COMPILED = new URL('../dist/index.js', import.meta.url).href;

const pid = (client: unknown) => (client as PgClient).processID;

describe('connections come and go', () => {
  test('min is filled once the pool is used, and kept', async () => {
    const pool = pools.open({ min: 2, max: 4, idleTimeoutMillis: 20 });
    expect(pool.totalCount).toBe(0);
    const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
    for (const client of clients) client.release();
    await expect.poll(() => pool.totalCount).toBe(2);
    // The idle ones were closed, and none of them was opened again for it.
    expect(pool.stats().counts.connects).toBe(3);
  });

  test('an idle connection is closed after idleTimeoutMillis; 0 keeps it', async () => {
    const pool = pools.open({ idleTimeoutMillis: 20 });
    const kept = pools.open({ idleTimeoutMillis: 0 });
    await Promise.all([pool.query('SELECT 1'), kept.query('SELECT 1')]);
    await expect.poll(() => pool.totalCount).toBe(0);
    expect(kept.totalCount).toBe(1);
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  test('maxUses replaces a connection after so many uses', async () => {
    const pool = pools.open({ max: 1, maxUses: 3 });
    const pids: unknown[] = [];
    for (let i = 0; i < 6; i++) {
      const client = await pool.connect();
      pids.push(pid(client));
      client.release();
    }
    expect(new Set(pids.slice(0, 3)).size).toBe(1);
    expect(new Set(pids.slice(3)).size).toBe(1);
    expect(pids[3]).not.toBe(pids[0]);
  });

  test('maxUses under load answers everybody', async () => {
    const pool = pools.open({ max: 2, maxUses: 5 });
    const answers = Array.from({ length: 200 }, (_, n) => pool.query('SELECT $1::int AS n', [n]));
    const rows = (await Promise.all(answers)).map((answer) => answer.rows[0].n);
    expect(rows).toEqual(rows.map((_, n) => n));
    expect(pool.stats().counts.connects).toBeGreaterThan(2);
  });

  test('maxLifetimeSeconds replaces an idle connection and one in use', async () => {
    const pool = pools.open({ max: 1, maxLifetimeSeconds: 0.5 });
    const client = await pool.connect();
    await client.query('SELECT pg_sleep(0.6)');
    client.release();
    await expect.poll(() => pool.totalCount).toBe(0);
    await pool.query('SELECT 1');
    await expect.poll(() => pool.totalCount, { timeout: 5_000 }).toBe(0);
    expect(pool.stats().counts.connects).toBe(2);
  });

  test('release(true) and release(error) destroy', async () => {
    const pool = pools.open({ max: 1 });
    const first = await pool.connect();
    first.release(true);
    const second = await pool.connect();
    expect(pid(second)).not.toBe(pid(first));
    second.release(new Error('broken'));
    await expect.poll(() => pool.totalCount).toBe(0);
  });

  test('a checkout held too long is told once, with its owner', async () => {
    const pool = pools.open({ leakThresholdMillis: 20 });
    const told: Holder[] = [];
    pool.on('leak', (holder) => told.push(holder));
    const short = await pool.connect();
    short.release();
    const leaked = await pool.connect();
    await expect.poll(() => told).toHaveLength(1);
    expect(told[0]).toMatchObject({ owner: 'an unnamed checkout', statements: 0 });
    expect(told[0]?.heldMillis).toBeGreaterThanOrEqual(19);
    leaked.release();
  });

  test('verify that never answers is an error, and no reason to wait for ever', async () => {
    const pool = pools.open({ max: 1, connectTimeoutMillis: 300, verify: () => {} } as object);
    await expect(pool.query('SELECT 1')).rejects.toThrow('took longer than 300 ms');
    await expect.poll(() => pool.totalCount).toBe(0);
  });

  test.each([
    [
      'throws',
      {
        verify: () => {
          throw new Error('not like this');
        },
      },
      'not like this',
    ],
    [
      'throws after onConnect',
      {
        onConnect: async () => {},
        verify: () => {
          throw new Error('not like this');
        },
      },
      'not like this',
    ],
    [
      'is refused with nothing',
      { onConnect: () => Promise.reject() },
      'a new connection was refused: undefined',
    ],
  ])('a hook that %s refuses its connection', async (_, hooks, message) => {
    const pool = pools.open({ max: 1, connectTimeoutMillis: 60_000, ...hooks } as object);
    await expect(pool.query('SELECT 1')).rejects.toThrow(message);
    await expect.poll(() => pool.totalCount).toBe(0);
  });

  test('a connection that is lost while a hook waits for something else is tried again', async () => {
    let logins = 0;
    const pool = pools.open({
      max: 1,
      connectTimeoutMillis: 60_000,
      connectionTimeoutMillis: 60_000,
      onConnect: async (client: pg.ClientBase) => {
        if (++logins > 1) return;
        const ended = new Promise((resolve) => client.once('end', resolve));
        await pools.admin('SELECT pg_terminate_backend($1)', [pid(client)]);
        await ended;
        await new Promise(setImmediate);
      },
    } as object);
    await expect(pool.query('SELECT 1')).rejects.toThrow('Connection terminated');
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect(logins).toBe(2);
  });

  test('a password that is refused with no error becomes one', async () => {
    const { hostname: host, port, username: user } = new URL(pools.server.url());
    const target = { connectionString: undefined, host, port: Number(port), user };
    const pool = pools.open({ ...target, password: () => Promise.reject('no secret today') });
    const refused = await pool.query('SELECT 1').catch((error) => error);
    expect(refused).toBeInstanceOf(Error);
    expect(refused).toMatchObject({
      message: 'the login failed: no secret today',
      outcome: 'not-sent',
    });
  });

  test('verify refuses a connection: the caller is told, the next one is tried', async () => {
    const verify = vi.fn((_: unknown, done: (error?: Error) => void) =>
      done(verify.mock.calls.length === 1 ? new Error('not this one') : undefined),
    );
    const pool = pools.open({ max: 1, verify } as object);
    await expect(pool.query('SELECT 1')).rejects.toThrow('not this one');
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect(verify).toHaveBeenCalledTimes(2);
  });
});

describe('where no further client can be made', () => {
  test('a statement is told at its deadline all the same, and costs the pool nothing', async () => {
    let streams = 0;
    const stream = () => {
      if (++streams > 1) throw new Error('no more streams');
      return new Socket();
    };
    const pool = pools.open({ max: 1, stream } as object);
    const late = withDeadline(50, () => pool.query('SELECT pg_sleep(0.4)'));
    await expect(late).rejects.toThrow('has not answered within');
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect(streams).toBeGreaterThan(1);
  });
});

describe('the end', () => {
  test.each([Number.NaN, -1, '5'])('takes no timeout of %s', async (timeout) => {
    const pool = pools.open({ max: 1 });
    const given = { timeout: timeout as number };
    await expect(pool.end(given)).rejects.toThrow(`a timeout in milliseconds, not ${timeout}`);
    await expect(pool.drain(given)).rejects.toThrow(RangeError);
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  test('a timeout longer than any timer is none', async () => {
    const pool = pools.open({ max: 1 });
    const asked = pool.query('SELECT pg_sleep(0.1)');
    await pool.end({ timeout: Number.MAX_SAFE_INTEGER });
    expect((await asked).rowCount).toBe(1);
  });

  test('asked for again, a shorter timeout counts', async () => {
    const pool = pools.open({ max: 1 });
    await pool.query('SELECT 1');
    const asked = pool.query('SELECT pg_sleep(60)').catch((error) => error);
    const drained = pool.drain();
    await pool.drain({ timeout: 20 });
    await drained;
    expect(await asked).toMatchObject({ outcome: 'unknown' });
  });
});

describe('allowExitOnIdle', () => {
  /** Runs a program with the pool in a process of its own; resolves when that exits by itself. */
  async function run(program: string): Promise<string> {
    const args = ['--input-type=module', '--eval', program];
    const options = { timeout: 10_000, cwd: import.meta.dirname };
    return (await promisify(execFile)(process.execPath, args, options)).stdout.trim();
  }

  test('lets the process exit, with an idle connection and after every kind of use', async () => {
    const program = `
      import { Pool } from ${JSON.stringify(COMPILED)};
      const pool = new Pool({ connectionString: ${JSON.stringify(pools.server.url())}, allowExitOnIdle: true });
      const circular = {};
      circular.self = circular;
      for (let i = 0; i < 5; i++) await pool.query('SELECT 1');
      await pool.query('SELECT nothing').catch(() => {});
      await pool.query('SELECT $1::json', [circular]).catch(() => {});
      await pool.query('SET a.b = 1');
      const client = await pool.connect();
      await client.query('SELECT pg_sleep(0.05)');
      client.release();
      console.log('done with', pool.totalCount);
    `;
    expect(await run(program)).toBe('done with 1');
  });
});
