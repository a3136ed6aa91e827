import { createServer, type Server } from 'node:net';
import {
  PoolOverloadedError,
  PoolTimeoutError,
  SelfDeadlockError,
  withDeadline,
} from '@lifeguard/pool';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { lifeguard } from '../lifeguard.ts';
import { Prisma, PrismaClient } from '../testing/generated/client.ts';
import { eventually, type Library, openLibrary } from '../testing/library.ts';
import { unhandledRejections } from '../testing/rejections.ts';

let library: Library;
const rejections = unhandledRejections();

beforeAll(async () => {
  library = await openLibrary();
});
afterEach(() => expect(rejections).toEqual([]));
afterAll(async () => {
  await library?.close();
});

/** A client whose only connection is held by a transaction, until `free` is called. */
async function exhausted(poolTimeout: number) {
  const { db, prisma } = library.open({
    parameters: { connection_limit: 1, pool_timeout: poolTimeout },
  });
  const gate = deferred();
  const entered = deferred();
  const holding = prisma.$transaction(
    async (tx) => {
      await tx.book.findFirst();
      entered.resolve();
      await gate.promise;
    },
    { timeout: 60_000 },
  );
  await entered.promise;
  const free = async () => {
    gate.resolve();
    await holding;
  };
  return { db, prisma, free };
}

function deferred() {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const TIMED_OUT =
  'Timed out fetching a new connection from the connection pool. More info: http://pris.ly/d/connection-pool (Current connection pool timeout: 0.3, connection limit: 1)';

test('who waited too long gets P2024 as Prisma 6 threw it, and the holders as its cause', async () => {
  const { prisma, free } = await exhausted(0.3);
  const calls: Record<string, () => Promise<unknown>> = {
    model: () => prisma.book.findFirst(),
    write: () => prisma.author.create({ data: { name: 'Nobody' } }),
    'nested write': () =>
      prisma.author.create({ data: { name: 'Nobody', books: { create: { title: 'None' } } } }),
    raw: () => prisma.$queryRaw`SELECT 1`,
    batch: () => prisma.$transaction([prisma.book.count(), prisma.author.count()]),
    transaction: () => prisma.$transaction(async () => {}, { maxWait: 10_000 }),
  };
  for (const [name, call] of Object.entries(calls)) {
    const error = await call().then(
      () => expect.unreachable(name),
      (thrown) => thrown,
    );
    expect(error, name).toBeInstanceOf(Prisma.PrismaClientKnownRequestError);
    expect(error, name).toMatchObject({
      code: 'P2024',
      meta: { connection_limit: 1, timeout: 0.3 },
    });
    expect(error.message, name).toContain(TIMED_OUT);
    expect(error.cause, name).toBeInstanceOf(PoolTimeoutError);
    expect(error.cause.message, name).toContain('$transaction (Book.findFirst)');
  }
  await free();
  expect(await prisma.author.findFirst({ where: { name: 'Nobody' } })).toBeNull();
});

test('a transaction that nobody waits for any more leaves the queue', async () => {
  const { db, prisma, free } = await exhausted(30);
  const starts = Array.from({ length: 5 }, () =>
    prisma.$transaction(async () => 'ran', { maxWait: 200 }),
  );
  for (const outcome of await Promise.allSettled(starts)) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'P2028' } });
  }
  await eventually(() => db.pool.waitingCount === 0);
  await free();
  // Only the holder's own checkout has ever taken place.
  expect(db.stats().counts.checkouts).toBe(1);
});

test('what a transaction does, and other calls in it, are not bound by the time to start it', async () => {
  const { prisma } = library.open({ parameters: { connection_limit: 2 } });
  const result = await prisma.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT pg_sleep(0.4)::text`;
      return [await tx.author.count(), await prisma.author.count()];
    },
    { maxWait: 100 },
  );
  expect(result).toEqual([2, 2]);
});

test('one more than may wait is refused at once with P2024, and its reason', async () => {
  const { db, prisma } = library.open({ parameters: { connection_limit: 1 }, maxWaiting: 1 });
  const first = prisma.$queryRaw`SELECT pg_sleep(0.3)::text`.then(() => {});
  await eventually(() => db.stats().inFlight === 1);
  const waiting = prisma.$queryRaw`SELECT pg_sleep(0)::text`.then(() => {});
  const refused = await prisma.author.findFirst().catch((thrown: unknown) => thrown);
  expect(refused).toMatchObject({
    code: 'P2024',
    meta: { reason: 'overloaded', connection_limit: 1 },
    cause: expect.any(PoolOverloadedError),
  });
  await Promise.all([first, waiting]);
  expect(await prisma.author.count()).toBe(2);
});

test('after the shutdown it is P1017', async () => {
  const { db, prisma } = library.open();
  await prisma.book.count();
  await db.shutdown();
  await expect(prisma.book.count()).rejects.toMatchObject({ code: 'P1017' });
  await expect(prisma.$transaction(async () => {})).rejects.toMatchObject({ code: 'P1017' });
});

test('a server that accepts and keeps silent is P1001 after connect_timeout', async () => {
  const mute: Server = createServer(() => {});
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const { port } = mute.address() as { port: number };
  const db = lifeguard({
    url: `postgresql://u:p@127.0.0.1:${port}/x?connect_timeout=1`,
    signals: false,
  });
  const prisma = new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
  const error = await prisma.book.count().catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'P1001' });
  expect(error.message).toContain(`Can't reach database server at 127.0.0.1:${port}`);
  await db.shutdown({ timeout: 1_000 });
  mute.close();
});

test('an unreachable server is P1001 at once', async () => {
  const db = lifeguard({ url: 'postgresql://u:p@127.0.0.1:1/x', signals: false });
  const prisma = new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
  await expect(prisma.book.count()).rejects.toMatchObject({ code: 'P1001' });
  await expect(prisma.$transaction(async () => {})).rejects.toMatchObject({ code: 'P1001' });
  await db.shutdown({ timeout: 1_000 });
});

test('the outer client inside a transaction, with no other connection: told before it times out', async () => {
  const { prisma } = library.open({ parameters: { connection_limit: 1, pool_timeout: 5 } });
  const refused = await prisma.$transaction(async (tx) => {
    await tx.book.findFirst();
    return prisma.author.findFirst().catch((thrown: unknown) => thrown);
  });
  expect(refused).toMatchObject({
    code: 'P2024',
    meta: { reason: 'self-deadlock', connection_limit: 1 },
    cause: expect.any(SelfDeadlockError),
  });
  expect((refused as Error & { cause: Error }).cause.message).toContain('Author.findFirst');
});

test('a statement over its caller’s deadline is P1008', async () => {
  const { prisma } = library.open();
  await prisma.author.count();
  const slow = withDeadline(60, async () => await prisma.$queryRaw`SELECT pg_sleep(20)::text`);
  await expect(slow).rejects.toMatchObject({ code: 'P1008', cause: { outcome: 'unknown' } });
});
