import {
  REDIS_LIMIT_MILLIS,
  type RedisServer,
  startFaultProxy,
  startRedis,
} from '@lifeguard/testkit';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../testing/library.ts';
import { Prisma } from '../testing/specimens/generated/client.ts';
import { type Museum, openMuseum } from '../testing/specimens/museum.ts';

let museum: Museum;
beforeAll(async () => {
  museum = await openMuseum(40);
});
afterAll(() => museum?.close());

const orderBy = { id: 'asc' } as const;

describe('while the database can’t be reached', () => {
  test('kept answers are given, marked as such, and fresh ones again afterwards', async () => {
    const proxy = await startFaultProxy({ target: museum.server });
    const { db, prisma } = museum.open({ url: proxy.url(museum.server.url()) });
    const cacheStrategy = { ttl: '1ms', staleOnError: '1h' } as const;
    const read = () => prisma.specimen.findMany({ orderBy, cacheStrategy }).withCacheInfo();
    const { data } = await read();
    proxy.close();
    await eventually(() => db.pool.totalCount === 0);
    const during = await read();
    expect(during.info?.state).toBe('stale-on-error');
    expect(during.data).toEqual(data);
    await expect(prisma.specimen.count({ cacheStrategy })).rejects.toMatchObject({ code: 'P1001' });

    await proxy.accept();
    await eventually(async () => (await read()).info?.state === 'loaded');
    expect(db.cache.stats().staleOnError).toBeGreaterThan(0);
    proxy.close();
  });
});

describe('with Redis', () => {
  let server: RedisServer;
  const clients: Redis[] = [];
  beforeAll(async () => {
    server = await startRedis();
  }, REDIS_LIMIT_MILLIS);
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await server?.stop();
  });

  /** As a process of its own has it. */
  function openProcess() {
    const redis = new Redis({ port: server.port });
    clients.push(redis);
    return museum.open({ cache: { redis, invalidateOnWrite: true } });
  }

  test('answers are shared by all processes, and dropped in all', async () => {
    const [one, other] = [openProcess(), openProcess()];
    const read = ({ prisma }: typeof one) =>
      prisma.specimen.findMany({ orderBy, take: 5, cacheStrategy: { ttl: '1h', tags: ['first'] } });
    const rows = await read(one);
    await eventually(async () => (await clients[0]?.dbsize()) !== 0);
    expect(await read(other)).toEqual(rows);
    expect(other.db.cache.stats()).toMatchObject({ loads: 0, fresh: 1 });

    const decimal = new Prisma.Decimal('99.5');
    await one.prisma.specimen.update({ where: { id: rows[0]?.id as number }, data: { decimal } });
    expect((await read(one))[0]?.decimal).toEqual(decimal);
    await eventually(async () => (await read(other))[0]?.decimal?.equals(decimal) === true);
  });

  test('nothing of an answer’s arguments is in its key', async () => {
    const { prisma } = openProcess();
    const where = { text: 'somebody@example.com' };
    await prisma.specimen.count({ where, cacheStrategy: { ttl: '1h' } });
    const keys = async () => (await clients[0]?.keys('*')) ?? [];
    await eventually(async () => (await keys()).some((key) => key.includes('Specimen.count')));
    expect((await keys()).join()).not.toContain('somebody');
  });
});
