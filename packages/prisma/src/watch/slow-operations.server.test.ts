import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SlowRecord } from '@lifeguard/monitor';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Library, openLibrary } from '../testing/library.ts';

let library: Library;
beforeAll(async () => {
  library = await openLibrary();
  // The first of each kind takes long by itself: Prisma loads its compiler.
  const { prisma } = library.open({ onSlow: false });
  await prisma.$transaction([prisma.book.count(), prisma.$queryRaw`SELECT 1`]);
  await prisma.$transaction((tx) => tx.book.count());
});
afterAll(() => library?.close());

function open(options: Parameters<Library['open']>[0] = {}) {
  const told: SlowRecord[] = [];
  const slowThresholdMillis = 150;
  return {
    told,
    ...library.open({ slowThresholdMillis, onSlow: (one) => told.push(one), ...options }),
  };
}

test('an operation that takes long is told with its place, its route, and where its time went', async () => {
  const { prisma, told } = open();
  const server = createServer(async function report(_request, response) {
    await prisma.$queryRaw`SELECT ${'secret'}, pg_sleep(0.2)::text`;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}/reports/7`)).text();
  server.close();
  expect(told).toMatchObject([
    {
      pool: 'main',
      owner: '$queryRaw',
      route: 'GET /reports/:id',
      site: expect.stringMatching(/report \(watch\/slow-operations\.server\.test\.ts:\d+:\d+\)/),
      attempts: 1,
      hasFailed: false,
      alike: 0,
    },
  ]);
  const [{ millis, waitMillis, serverMillis } = told[0] as SlowRecord] = told;
  expect(serverMillis).toBeGreaterThanOrEqual(190);
  expect(millis).toBeGreaterThanOrEqual(serverMillis);
  expect(waitMillis).toBeLessThan(millis - serverMillis + 1);
  expect(JSON.stringify(told)).not.toContain('secret');
});

test('the wait for a connection is told apart from the time at the server', async () => {
  const { db, prisma, told } = open({ max: 1 });
  const holder = await db.pool.connect();
  const waits = prisma.$transaction(async (tx) => tx.book.count());
  await new Promise((resolve) => setTimeout(resolve, 200));
  holder.release();
  await waits;
  expect(told).toMatchObject([{ owner: '$transaction', attempts: 1 }]);
  const [{ millis, waitMillis, serverMillis } = told[0] as SlowRecord] = told;
  expect(waitMillis).toBeGreaterThanOrEqual(150);
  expect(serverMillis).toBeLessThan(millis - waitMillis + 1);
});

test('a batch is told as one, and plain SQL by its text', async () => {
  const { db, prisma, told } = open();
  await prisma.$transaction([
    prisma.$queryRaw`SELECT pg_sleep(0.1)::text`,
    prisma.$queryRaw`SELECT pg_sleep(0.1)::text`,
  ]);
  await db.pool.query("SELECT 'secret', pg_sleep(0.2)");
  expect(told).toMatchObject([
    { owner: '$transaction', statement: undefined },
    { owner: undefined, statement: 'SELECT ?, pg_sleep(?)' },
  ]);
  expect(told[0]?.serverMillis).toBeGreaterThanOrEqual(190);
});

test('one of many that are alike is told; those that are quick, and in silence, are not', async () => {
  const { prisma, told } = open();
  const slow = () => prisma.$queryRaw`SELECT pg_sleep(0.2)::text`;
  await Promise.all([slow(), slow(), slow()]);
  await prisma.book.count();
  expect(told).toMatchObject([{ owner: '$queryRaw' }]);
  const off = open({ slowThresholdMillis: 0 });
  await off.prisma.$queryRaw`SELECT pg_sleep(0.2)::text`;
  expect(off.told).toEqual([]);
});

test('what was tried again, and what failed, says so', async () => {
  const { prisma, told } = open();
  const author = prisma.$queryRaw`SELECT (SELECT 1 FROM pg_sleep(0.2)) / (SELECT 0 WHERE random() >= 0)`;
  await expect(author).rejects.toThrow(/division by zero/);
  expect(told).toMatchObject([{ owner: '$queryRaw', hasFailed: true }]);
});
