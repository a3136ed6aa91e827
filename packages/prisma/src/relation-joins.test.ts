import { RequestScope, withRequest } from '@lifeguard/pool';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lifeguard, lifeguard } from './lifeguard.ts';
import { PrismaClient } from './testing/joined/generated/client.ts';
import { type Library, openLibrary } from './testing/library.ts';

function extend(db: Lifeguard) {
  return new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
}

let library: Library;
let db: Lifeguard;
let prisma: ReturnType<typeof extend>;

beforeAll(async () => {
  library = await openLibrary();
  db = lifeguard({ url: library.server.url(), signals: false, max: 3 });
  prisma = extend(db);
});
afterAll(async () => {
  await db?.shutdown();
  await library?.close();
});

/** How many statements of the shared lane `run` sends. */
async function sentBy(run: () => Promise<unknown>): Promise<number> {
  const before = db.stats().counts.statements;
  await run();
  return db.stats().counts.statements - before;
}

test('one statement reads relations, owned by its operation', async () => {
  const read = () => prisma.author.findMany({ include: { books: true }, orderBy: { id: 'asc' } });
  expect((await read()).map(({ books }) => books.length)).toEqual([10, 10]);
  expect(await sentBy(read)).toBe(1);
  expect(db.stats().statements).toMatchObject([
    {
      statement: expect.stringContaining('LEFT JOIN LATERAL'),
      executions: 2,
      owners: [expect.stringMatching(/^Author.findMany at .*relation-joins\.test\.ts/)],
    },
  ]);
});

test('relations may still be read by statements of their own', async () => {
  const read = () =>
    prisma.book.findFirst({ include: { author: true }, relationLoadStrategy: 'query' });
  expect((await read())?.author.name).toBeTypeOf('string');
  expect(await sentBy(read)).toBe(2);
});

test('a loop over relations is found, with what to write instead', async () => {
  const scope = new RequestScope('GET /books');
  await withRequest(scope, async () => {
    // Twenty are a loop however quick they are.
    for (let id = 1; id <= 20; id++) {
      await prisma.book.findFirst({ where: { id }, include: { author: true } });
    }
  });
  const loop = db.stats().nPlusOnes.find(({ route }) => route === 'GET /books');
  expect(loop).toMatchObject({ owner: 'Book.findFirst', most: 20 });
  expect(JSON.stringify(loop)).toContain('relation-joins.test.ts');
});

test('the first rows of each group, with their relations', async () => {
  const groups = await prisma.book.findManyGrouped({
    by: 'authorId',
    in: [1, 2, 9],
    take: 3,
    orderBy: { id: 'desc' },
    include: { author: true },
  });
  expect(groups.get(1)?.map(({ id }) => id)).toEqual([20, 18, 16]);
  expect(groups.get(2)?.map(({ id, author }) => [id, author.name])).toEqual([
    [19, 'Grace'],
    [17, 'Grace'],
    [15, 'Grace'],
  ]);
  expect(groups.get(9)).toEqual([]);
});

test('answers are kept, and dropped by what their relations are of', async () => {
  const read = () =>
    prisma.author
      .findMany({ include: { books: true }, cacheStrategy: { ttl: 60 } })
      .withCacheInfo();
  expect((await read()).info?.state).toBe('loaded');
  const { data, info } = await read();
  expect(info?.state).toBe('fresh');
  expect(data[0]?.books).toHaveLength(10);
  await prisma.$lifeguard.invalidate({ models: ['Book'] });
  expect((await read()).info?.state).toBe('loaded');
});

test('in a transaction as well', async () => {
  const names = await prisma.$transaction(async (tx) => {
    const { id } = await tx.author.create({
      data: { name: 'Edsger', books: { create: { title: 'A' } } },
    });
    const read = await tx.author.findUniqueOrThrow({ where: { id }, include: { books: true } });
    await tx.book.deleteMany({ where: { authorId: id } });
    await tx.author.delete({ where: { id } });
    return read.books.map(({ title }) => title);
  });
  expect(names).toEqual(['A']);
});
