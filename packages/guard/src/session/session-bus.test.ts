import {
  type PostgresServer,
  REDIS_LIMIT_MILLIS,
  type RedisServer,
  startFaultProxy,
  startPostgres,
  startRedis,
} from '@lifeguard/testkit';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { postgresBus } from '../bus/postgres-bus.ts';
import { redisBus } from '../bus/redis-bus.ts';
import { sessionGuard } from './session-guard.ts';

/** What a revocation may take from one process to all others. */
const PROMISED = { timeout: 1_000, interval: 5 };
const SOON = { timeout: 20_000, interval: 20 };
const undo: (() => unknown)[] = [];
let postgres: PostgresServer;
let redis: RedisServer;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const client = new pg.Client(postgres.url());
  await client.connect();
  await client.query('CREATE TABLE session (id text PRIMARY KEY, "user" text NOT NULL)');
  await client.end();
}, REDIS_LIMIT_MILLIS);
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});
afterAll(() => Promise.all([postgres.stop('immediate'), redis.stop()]));

/** A bus on the server's own port, or on that of a proxy before it. */
const buses: Record<string, (port?: number) => Bus> = {
  Redis: (port = redis.port) => {
    const client = new Redis({ port, retryStrategy: () => 20 });
    client.on('error', () => {});
    undo.push(() => client.disconnect());
    return redisBus(client);
  },
  PostgreSQL: (port = postgres.port) => {
    const url = new URL(postgres.url());
    url.port = String(port);
    return postgresBus({
      connect: async () => {
        const client = new pg.Client(url.href);
        client.on('error', () => {});
        await client.connect();
        return client;
      },
    });
  },
};

/** The guard of one process of a service with its sessions in PostgreSQL. */
async function openProcess(kind: string, busPort?: number) {
  const pool = new pg.Pool({ connectionString: postgres.url(), max: 2 });
  const bus = buses[kind]?.(busPort) as Bus;
  const guard = sessionGuard({
    bus,
    validate: async ({ id }) => {
      const { rows } = await pool.query('SELECT "user" FROM session WHERE id = $1', [id]);
      return rows[0]?.user as string | undefined;
    },
  });
  undo.push(
    () => pool.end(),
    () => bus.close(),
    () => guard.close(),
  );
  await guard.ready;
  const signIn = (id: string) => pool.query('INSERT INTO session VALUES ($1, $2)', [id, 'anna']);
  const signOut = async (id: string) => {
    await pool.query('DELETE FROM session WHERE id = $1', [id]);
    return guard.revoke(id);
  };
  return { guard, signIn, signOut };
}

describe.each(Object.keys(buses))('over %s', (kind) => {
  test('a revocation is heard by all processes within a second', async () => {
    const all = await Promise.all([openProcess(kind), openProcess(kind), openProcess(kind)]);
    const [one] = all;
    const session = { id: `${kind} 1` };
    await one.signIn(session.id);
    for (const { guard } of all)
      expect(await guard.check(session)).toMatchObject({ value: 'anna' });
    expect(await one.signOut(session.id)).toBe(true);
    expect(await one.guard.check(session)).toEqual({ valid: false, reason: 'revoked' });
    await vi.waitFor(async () => {
      for (const { guard } of all) {
        expect(await guard.check(session)).toEqual({ valid: false, reason: 'revoked' });
      }
    }, PROMISED);
  });

  test('one that was missed is found as soon as the connection is back', async () => {
    const port = kind === 'Redis' ? redis.port : postgres.port;
    const proxy = await startFaultProxy({ target: { port } });
    undo.push(() => proxy.close());
    const [one, two] = [await openProcess(kind), await openProcess(kind, proxy.port)];
    const session = { id: `${kind} 2` };
    await one.signIn(session.id);
    await two.guard.check(session);
    proxy.refuse();
    proxy.reset();
    await one.signOut(session.id);
    expect(await two.guard.check(session)).toMatchObject({ valid: true, state: 'recent' });
    await proxy.accept();
    await vi.waitFor(async () => {
      expect(await two.guard.check(session)).toEqual({ valid: false, reason: 'invalid' });
    }, SOON);
    const another = { id: `${kind} 3` };
    await one.signIn(another.id);
    await two.guard.check(another);
    await one.signOut(another.id);
    await vi.waitFor(async () => {
      expect(await two.guard.check(another)).toEqual({ valid: false, reason: 'revoked' });
    }, PROMISED);
  });
});
