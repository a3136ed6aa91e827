import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { startFaultProxy } from '@lifeguard/testkit';
import { describe, expect, test, vi } from 'vitest';
import { type ObservedClient, processIdOf } from './connection/observed-client.ts';
import { ConnectTimeoutError, PoolTimeoutError } from './index.ts';
import type { PgClient } from './pg-internals.ts';
import { useTestPools, warmUp } from './testing/test-pools.ts';

const pools = useTestPools();

const pid = (client: unknown) => processIdOf(client as ObservedClient);
const clientsOf = (pool: unknown) => (pool as { _clients: PgClient[] })._clients;
const terminate = (backend: unknown) => pools.admin('SELECT pg_terminate_backend($1)', [backend]);

describe('a backend is terminated', () => {
  test('idle: told by error when somebody listens, and replaced', async () => {
    const pool = pools.open({ max: 1 });
    const told = vi.fn();
    pool.on('error', told);
    await pool.query('SELECT 1');
    const [client] = clientsOf(pool);
    await terminate(pid(client));
    await expect.poll(() => told.mock.calls).toHaveLength(1);
    expect(told.mock.calls[0]).toEqual([expect.objectContaining({ code: '57P01' }), client]);
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  test('idle, with nobody listening: the process lives', async () => {
    const pool = pools.open({ max: 1 });
    await pool.query('SELECT 1');
    await terminate(pid(clientsOf(pool)[0]));
    await expect.poll(() => pool.totalCount).toBe(0);
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  test('with shared statements in flight: all are told, none is sent again', async () => {
    const pool = pools.open({ max: 1 });
    await pools.admin('CREATE TABLE lock_me (n int); CREATE TABLE sent (n int)');
    // As a function: an INSERT would have nothing sent behind it.
    await pools.admin(`CREATE FUNCTION send(n int) RETURNS void LANGUAGE sql
      AS 'INSERT INTO sent SELECT n FROM (SELECT count(*) FROM lock_me) c'`);
    const insert = 'SELECT send($1::int)';
    await warmUp(pool, insert, [0]);
    const locker = pools.open({ max: 1 });
    const lock = await locker.connect();
    await lock.query('BEGIN');
    await lock.query('LOCK lock_me');
    const answers = [1, 2, 3].map((n) => pool.query(insert, [n]).catch((error) => error));
    expect(pool.stats().inFlight).toBe(3);
    // At once: soon the pool would take out the first, which is in the others' way.
    await lock.query('SELECT pg_terminate_backend($1, 5000)', [pid(clientsOf(pool)[0])]);
    await lock.query('ROLLBACK');
    lock.release();
    const errors = await Promise.all(answers);
    for (const error of errors) expect(error).toMatchObject({ outcome: 'unknown' });
    const { rows } = await pool.query('SELECT count(*)::int AS n FROM sent WHERE n > 0');
    expect(rows).toEqual([{ n: 0 }]);
  });

  test('checked out: the holder is told, also when it is in a statement, and may release', async () => {
    const pool = pools.open({ max: 1 });
    const told = vi.fn();
    pool.on('error', told);
    const client = await pool.connect();
    const running = client.query('SELECT pg_sleep(60)').catch((error) => error);
    const next = pool.query('SELECT 1 AS n');
    await terminate(pid(client));
    expect(await running).toMatchObject({ code: '57P01' });
    await expect(client.query('SELECT 1')).rejects.toThrow(/connection/i);
    // As in pg-pool, the holder has it until it gives it back.
    expect(pool.totalCount).toBe(1);
    client.release();
    expect((await next).rows).toEqual([{ n: 1 }]);
    expect(() => client.release()).toThrow();
    expect(told).not.toHaveBeenCalled();
    expect(pool.totalCount).toBe(1);
  });

  test('while it is given back in a transaction', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    await client.query('BEGIN');
    void client.query('SELECT pg_sleep(60)').catch(() => {});
    client.release();
    const next = pool.query('SELECT 1 AS n');
    await terminate(pid(client));
    expect((await next).rows).toEqual([{ n: 1 }]);
  });
});

describe('the server cannot be reached', () => {
  test('halted: told at once; resumed: back to work', async () => {
    const pool = pools.open({ max: 2 });
    await pool.query('SELECT 1');
    await pools.server.halt();
    try {
      await expect.poll(() => pool.totalCount).toBe(0);
      for (let i = 0; i < 5; i++) {
        await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      }
      await expect(pool.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      // One attempt for all who wait, and a pause between attempts.
      const before = pool.stats().counts.connectFailures;
      const refused = await Promise.allSettled(
        Array.from({ length: 500 }, () => pool.query('SELECT 1')),
      );
      expect(refused.every(({ status }) => status === 'rejected')).toBe(true);
      expect(pool.stats().counts.connectFailures - before).toBeLessThanOrEqual(2);
      expect(pool.waitingCount).toBe(0);
    } finally {
      await pools.server.resume();
    }
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect(pool.stats().lastConnectError).toBeUndefined();
  });

  test('a listener that never answers: ConnectTimeoutError', async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
    });
    await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done));
    const { port } = mute.address() as AddressInfo;
    const pool = pools.open({
      connectionString: `postgresql://u:hidden@127.0.0.1:${port}/d`,
      connectTimeoutMillis: 100,
    });
    const error = await pool.query('SELECT 1').catch((reason) => reason);
    expect(error).toBeInstanceOf(ConnectTimeoutError);
    expect(error).toMatchObject({ code: 'LIFEGUARD_CONNECT_TIMEOUT', outcome: 'not-sent' });
    expect(error.message).toContain('100 ms');
    expect(error.message).not.toContain('hidden');
    await pool.end();
    for (const socket of sockets) socket.destroy();
    mute.close();
  });

  test.each([
    ['a wrong password', (url: string) => url.replace(/:[^:@/]+@/, ':wrong@'), '28P01'],
    ['a missing database', (url: string) => url.replace(/\/postgres$/, '/missing'), '3D000'],
  ])("%s: the server's own error", async (_, change, code) => {
    const pool = pools.open({ connectionString: change(pools.server.url()) });
    for (let i = 0; i < 2; i++) {
      const error = await pool.query('SELECT 1').catch((reason) => reason);
      expect(error).toMatchObject({ code });
      expect(error.message).not.toContain('wrong');
    }
    await expect(pool.connect()).rejects.toMatchObject({ code });
  });

  test('a port that is none is told every time', async () => {
    const pool = pools.open({ connectionString: 'postgresql://u@127.0.0.1/d', port: 70_000 });
    const other = pools.open({ connectionString: undefined, host: '127.0.0.1', port: 70_000 });
    for (let i = 0; i < 2; i++) {
      await expect(other.query('SELECT 1')).rejects.toMatchObject({ code: 'ERR_SOCKET_BAD_PORT' });
    }
    await pool.end();
  });
});

describe('a full server (53300)', () => {
  async function role(name: string, limit: number): Promise<string> {
    await pools.admin(`CREATE ROLE ${name} LOGIN PASSWORD 'full' CONNECTION LIMIT ${limit}`);
    const url = new URL(pools.server.url());
    url.username = name;
    url.password = 'full';
    return url.href;
  }

  test('waits, and succeeds when a slot falls free', async () => {
    const connectionString = await role('waits', 1);
    const other = pools.open({ connectionString, max: 1 });
    await other.query('SELECT 1');
    const pool = pools.open({ connectionString });
    const answer = pool.query('SELECT 1 AS n');
    await expect.poll(() => pool.stats().counts.connectFailures).toBeGreaterThan(1);
    expect(pool.stats().lastConnectError).toMatch(/too many connections/);
    await other.end();
    expect((await answer).rows).toEqual([{ n: 1 }]);
  });

  test('times out with the cause named', async () => {
    const connectionString = await role('in_vain', 0);
    const pool = pools.open({ connectionString, connectionTimeoutMillis: 100 });
    const error = await pool.query('SELECT 1').catch((reason) => reason);
    expect(error).toBeInstanceOf(PoolTimeoutError);
    expect(error.message).toMatch(/The last attempt to connect failed: too many connections/);
    expect(error.cause).toMatchObject({ code: '53300' });
  });

  test('the pool works on with the connections that it has, checkouts beside a stream of reads', async () => {
    const connectionString = await role('has_one', 1);
    const pool = pools.open({ connectionString, max: 5 });
    await warmUp(pool, 'SELECT 1');
    let stop = false;
    const stream = Array.from({ length: 20 }, async () => {
      while (!stop) await pool.query('SELECT 1');
    });
    for (let i = 0; i < 3; i++) {
      const client = await pool.connect();
      await client.query('SELECT 1');
      client.release();
    }
    stop = true;
    await Promise.all(stream);
    expect(pool.stats().connections.total).toBeLessThanOrEqual(2);
  });
});

describe('the network', () => {
  test('a peer that has gone silent costs no slot once its connection is closed', async () => {
    await using proxy = await startFaultProxy({ target: { port: pools.server.port } });
    const pool = pools.open({ connectionString: proxy.url(pools.server.url()), max: 1 });
    const client = await pool.connect();
    proxy.halfOpen();
    client.release(true);
    const { rows } = await pool.query('SELECT 1 AS n');
    expect(rows).toEqual([{ n: 1 }]);
  });

  test('a reset in the middle: everybody is told, and the next is served', async () => {
    await using proxy = await startFaultProxy({ target: { port: pools.server.port } });
    const pool = pools.open({ connectionString: proxy.url(pools.server.url()), max: 2 });
    await warmUp(pool, 'SELECT $1::int', [0]);
    const answers = [
      ...[1, 2, 3].map((n) => pool.query('SELECT $1::int, pg_sleep(5)', [n])),
      pool
        .connect()
        .then((client) => client.query('SELECT pg_sleep(5)').finally(() => client.release())),
    ].map((answer) => answer.catch((error) => error));
    await expect
      .poll(() => pool.stats().inFlight + pool.stats().connections.checkedOut)
      .toBeGreaterThan(0);
    proxy.reset();
    proxy.refuse();
    for (const error of await Promise.all(answers)) expect(error).toBeInstanceOf(Error);
    await proxy.accept();
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  test("an answer cut off in the middle is nobody else's", async () => {
    await using proxy = await startFaultProxy({ target: { port: pools.server.port } });
    const pool = pools.open({ connectionString: proxy.url(pools.server.url()), max: 1 });
    const text = "SELECT $1::int AS n, repeat('x', 100) FROM generate_series(1, 10)";
    await warmUp(pool, text, [0]);
    proxy.truncate(1_500);
    const answers = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => pool.query(text, [n])),
    );
    await proxy.heal();
    let lost = 0;
    answers.forEach((answer, n) => {
      if (answer.status === 'rejected') lost++;
      else expect(answer.value.rows).toEqual(Array(10).fill({ n, repeat: 'x'.repeat(100) }));
    });
    expect(lost).toBeGreaterThan(0);
    expect((await pool.query(text, [7])).rows).toHaveLength(10);
  });
});
