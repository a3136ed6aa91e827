import { OptionsError } from '@lifeguard/pool';
import pg from 'pg';
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest';
import { PrismaClient } from './testing/generated/client.ts';
import { type Library, openLibrary } from './testing/library.ts';
import { OpaqueId } from './testing/opaque-id.ts';

let library: Library;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library?.close());

test('reads, writes and transactions work through the adapter and the extension', async () => {
  const { prisma } = library.open();
  const author = await prisma.author.create({
    data: { name: 'Barbara', books: { create: [{ title: 'Abstraction' }] } },
    include: { books: true },
  });
  expect(author.books.map(({ title }) => title)).toEqual(['Abstraction']);
  const [count, first] = await prisma.$transaction([
    prisma.book.count({ where: { authorId: author.id } }),
    prisma.author.findUnique({ where: { name: 'Barbara' } }),
  ]);
  expect([count, first?.id]).toEqual([1, author.id]);
  await prisma.$transaction(async (tx) => {
    await tx.book.deleteMany({ where: { authorId: author.id } });
    await tx.author.delete({ where: { id: author.id } });
  });
  expect(await prisma.$queryRaw`SELECT count(*)::int AS n FROM "Author"`).toEqual([{ n: 2 }]);
});

test('what says of itself what it is reaches the database through the extension', async () => {
  const { prisma } = library.open();
  const find = (client: typeof prisma) =>
    client.book.findFirst({ where: { id: new OpaqueId(7) as never }, orderBy: { id: 'asc' } });
  expect(await find(prisma)).toMatchObject({ id: 7 });
  expect(await find(prisma.$extends({}) as typeof prisma)).toMatchObject({ id: 7 });
  expect(await prisma.$transaction([find(prisma)])).toMatchObject([{ id: 7 }]);
});

test('the extension changes no type of a result', () => {
  const { db, prisma } = library.open();
  const plain = new PrismaClient({ adapter: db.adapter });
  const books = () => prisma.book.findMany();
  const plainBooks = () => plain.book.findMany();
  expectTypeOf(books).returns.resolves.toEqualTypeOf<Awaited<ReturnType<typeof plainBooks>>>();
});

test('connection_limit and schema in the URL hold', async () => {
  await library.sql.query('CREATE SCHEMA other; CREATE TABLE other."Book" (LIKE "Book")');
  const { db, prisma } = library.open({
    parameters: { connection_limit: 2, schema: 'other', application_name: 'limited' },
  });
  expect(await Promise.all(Array.from({ length: 50 }, () => prisma.book.count()))).toEqual(
    Array(50).fill(0),
  );
  expect(await prisma.$queryRaw`SELECT current_schema() AS name`).toEqual([{ name: 'other' }]);
  const { rows } = await library.sql.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'limited'`,
  );
  expect(rows[0].n).toBeGreaterThan(0);
  expect(rows[0].n).toBeLessThanOrEqual(2);
  expect(db.stats().connections.peak).toBeLessThanOrEqual(2);
});

test('the adapter uses the pool itself, which is a pg.Pool', async () => {
  const { db, prisma } = library.open();
  expect(db.pool).toBeInstanceOf(pg.Pool);
  await prisma.book.findFirst();
  expect(db.pool.totalCount).toBe(1);
});

test('a constraint violation costs no connection', async () => {
  const { db, prisma } = library.open({ parameters: { connection_limit: 1 } });
  for (let i = 0; i < 20; i++) {
    await expect(prisma.author.create({ data: { name: 'Ada' } })).rejects.toMatchObject({
      code: 'P2002',
    });
  }
  expect(db.stats().counts.connects).toBe(1);
});

test('other extensions work before and after, also inside a transaction', async () => {
  const { db } = library.open();
  const seen: string[] = [];
  const watch = (name: string) => ({
    query: {
      $allOperations({
        operation,
        args,
        query,
      }: {
        operation: string;
        args: unknown;
        query: (args: never) => Promise<unknown>;
      }) {
        seen.push(`${name} ${operation}`);
        return query(args as never);
      },
    },
  });
  const prisma = new PrismaClient({ adapter: db.adapter })
    .$extends(watch('before'))
    .$extends(db.extension)
    .$extends(watch('after'));
  await prisma.$transaction(async (tx) => {
    await tx.book.findFirst();
  });
  expect(seen.toSorted()).toEqual(['after findFirst', 'before findFirst']);
});

test('options that make no sense are refused, suspicious ones are told', () => {
  expect(() => library.open({ parameters: { connection_limit: 'abc' } })).toThrow(OptionsError);
  const warnings: string[] = [];
  library.open({
    parameters: { conection_limit: 5 },
    onWarning: ({ parameter }) => warnings.push(parameter),
  });
  expect(warnings).toEqual(['conection_limit']);
});

test('health passes, and tells why it fails', async () => {
  const { db } = library.open();
  expect(await db.health()).toMatchObject({ status: 'pass' });
  await db.shutdown();
  const health = await db.health();
  expect(health.status).toBe('fail');
  expect(health.checks['database:responseTime']?.output).toContain('Cannot use a pool');
});

test('what the monitor is told, it tells: incidents to a logger, and what the server says', async () => {
  const lines: string[] = [];
  const line = (_: object, text: string) => lines.push(text);
  const { db } = library.open({
    max: 1,
    connectionTimeoutMillis: 1_000,
    monitor: { logger: { info: line, warn: line, error: line }, server: { statements: false } },
  });
  const read = () => db.monitor.snapshot().pools[0]?.server?.version;
  await expect.poll(read, { timeout: 20_000 }).toMatch(/^\d/);
  const held = await db.pool.connect();
  await expect(db.pool.connect()).rejects.toMatchObject({ code: 'LIFEGUARD_POOL_TIMEOUT' });
  db.monitor.incidents();
  held.release();
  expect(lines).toContainEqual(expect.stringMatching(/^lifeguard: pool-exhausted in pool main/));
});
