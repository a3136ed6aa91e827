import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PrismaClient as LibraryClient } from '../testing/generated/client.ts';
import { type Library, openLibrary } from '../testing/library.ts';
import { Prisma } from '../testing/specimens/generated/client.ts';
import { type Museum, openMuseum } from '../testing/specimens/museum.ts';

let library: Library;
let museum: Museum;
beforeAll(async () => {
  [library, museum] = await Promise.all([openLibrary(), openMuseum(40)]);
});
afterAll(() => Promise.all([library?.close(), museum?.close()]));

type Db = ReturnType<Library['open']>['db'];

/** How many statements the pool has run so far. */
function statements(db: Db): number {
  return db.stats().statements.reduce((sum, { executions }) => sum + executions, 0);
}

test('one statement, with the groups in the order that they were asked for', async () => {
  const { db, prisma } = library.open();
  const groups = await prisma.book.findManyGrouped({
    by: 'authorId',
    in: [2, 7, 1, 2],
    take: 2,
    skip: 1,
    where: { title: { contains: '1' } },
    orderBy: { id: 'desc' },
    select: { title: true },
  });
  expect([...groups]).toEqual([
    [2, [{ title: 'Book 17' }, { title: 'Book 15' }]],
    [7, []],
    [1, [{ title: 'Book 16' }, { title: 'Book 14' }]],
  ]);
  expect(statements(db)).toBe(1);
});

test('it is known by its own name and the place that called it', async () => {
  const { db, prisma } = library.open();
  await prisma.book.findManyGrouped({ by: 'id', in: [1], take: 1 });
  expect(db.stats().statements[0]?.owners).toEqual([
    expect.stringMatching(/^Book\.findManyGrouped at grouped\/grouped\.test\.ts:\d+:\d+$/),
  ]);
});

test('no group, no statement', async () => {
  const { db, prisma } = library.open();
  expect(await prisma.book.findManyGrouped({ by: 'id', in: [], take: 1 })).toEqual(new Map());
  expect(statements(db)).toBe(0);
});

test('rows without a value are a group as well, also when it is the only one', async () => {
  const { prisma } = museum.open();
  const ask = (values: (number | null)[]) =>
    prisma.specimen.findManyGrouped({
      by: 'cabinetId',
      in: values,
      take: 3,
      orderBy: { id: 'asc' },
    });
  const nowhere = await prisma.specimen.findMany({
    where: { cabinetId: null },
    orderBy: { id: 'asc' },
  });
  expect((await ask([null, 1])).get(null)).toEqual(nowhere.slice(0, 3));
  expect((await ask([null])).get(null)).toEqual(nowhere.slice(0, 3));
});

test('a date, a decimal and bytes are found by what they say', async () => {
  const { prisma } = museum.open();
  const day = () => new Date('1970-01-01T00:00:00Z');
  const price = () => new Prisma.Decimal('1.5');
  const bytes = () => new Uint8Array([0, 255, 34, 92]);
  const dates = await prisma.specimen.findManyGrouped({
    by: 'timestamp',
    in: [day(), day()],
    take: 1,
  });
  expect(dates.size).toBe(1);
  expect(dates.get(day())).toHaveLength(1);
  const prices = await prisma.specimen.findManyGrouped({ by: 'decimal', in: [price()], take: 1 });
  expect(prices.get(new Prisma.Decimal('1.500'))).toHaveLength(1);
  expect(prices.has(new Prisma.Decimal('2'))).toBe(false);
  const blobs = await prisma.specimen.findManyGrouped({ by: 'bytes', in: [bytes()], take: 1 });
  expect(blobs.get(bytes())).toHaveLength(1);
});

test('twenty thousand values are one argument', async () => {
  const { db, prisma } = library.open();
  const ids = Array.from({ length: 20_000 }, (_, n) => n);
  const groups = await prisma.book.findManyGrouped({ by: 'id', in: ids, take: 1 });
  expect(groups.size).toBe(20_000);
  expect(groups.get(20)).toEqual([{ id: 20, title: 'Book 20', authorId: 1 }]);
  expect(statements(db)).toBe(1);
});

test('relations that are selected come as Prisma loads them', async () => {
  const { prisma } = library.open();
  const groups = await prisma.book.findManyGrouped({
    by: 'authorId',
    in: [1, 2],
    take: 1,
    orderBy: { author: { name: 'asc' } },
    where: { author: { books: { some: { id: 3 } } } },
    include: { author: { select: { name: true, _count: true } } },
  });
  expect(groups.get(1)).toEqual([]);
  expect(groups.get(2)).toEqual([
    expect.objectContaining({ authorId: 2, author: { name: 'Grace', _count: { books: 10 } } }),
  ]);
});

test('in a transaction it runs on its connection, also beside other statements', async () => {
  const { db, prisma } = library.open({ parameters: { connection_limit: 1 } });
  const transaction = prisma.$transaction(async (tx) => {
    const { id } = await tx.author.create({
      data: { name: 'Barbara', books: { create: { title: 'CLU' } } },
    });
    const [groups, count, others] = await Promise.all([
      tx.book.findManyGrouped({ by: 'authorId', in: [id], take: 5 }),
      tx.author.count(),
      tx.author.findManyGrouped({ by: 'name', in: ['Ada', 'Barbara'], take: 1 }),
    ]);
    expect(groups.get(id)).toEqual([expect.objectContaining({ title: 'CLU' })]);
    expect(count).toBe(3);
    expect([...others.values()].flat().map(({ name }) => name)).toEqual(['Ada', 'Barbara']);
    await tx.book.findManyGrouped({ by: 'id', in: [1], take: 1 });
    throw new Error(db.stats().holders[0]?.owner);
  });
  await expect(transaction).rejects.toThrow(/^\$transaction \(.*Book.findManyGrouped.*\)$/);
  const groups = await prisma.author.findManyGrouped({ by: 'name', in: ['Barbara'], take: 1 });
  expect(groups.get('Barbara')).toEqual([]);
});

test('it can be an item of a batch, even without values', async () => {
  const { prisma } = library.open();
  const [count, groups, none] = await prisma.$transaction([
    prisma.author.count(),
    prisma.book.findManyGrouped({ by: 'authorId', in: [1], take: 1, orderBy: { id: 'asc' } }),
    prisma.book.findManyGrouped({ by: 'id', in: [], take: 1 }),
  ]);
  expect(count).toBe(2);
  expect(groups.get(1)).toEqual([{ id: 2, title: 'Book 2', authorId: 1 }]);
  expect(none.size).toBe(0);
});

test('it begins when its result is wanted, and once', async () => {
  const { db, prisma } = library.open();
  const groups = prisma.book.findManyGrouped({ by: 'id', in: [1], take: 1 });
  await prisma.author.count();
  expect(statements(db)).toBe(1);
  expect(await groups).toBe(await groups);
  expect(statements(db)).toBe(2);
});

test.each([
  [
    '`by` must name one scalar field of Book (id, title, authorId); it is string.',
    { by: 'author', in: [1], take: 1 },
  ],
  ['`by` must name one scalar field of Book (id, title, authorId); it is undefined.', {}],
  ['`in` must be an array of the values of id; it is 5.', { by: 'id', in: 5, take: 1 }],
  ['`in[1]` must be a whole number; it is string.', { by: 'id', in: [1, 'secret'], take: 1 }],
  ['`take` must be a whole number from 1 on; it is -1.', { by: 'id', in: [1], take: -1 }],
  ['`take` must be a whole number from 1 on; it is undefined.', { by: 'id', in: [1] }],
  [
    '`skip` must be a whole number from 0 on; it is string.',
    { by: 'id', in: [1], take: 1, skip: '1' },
  ],
  ['it takes no `cursor`.', { by: 'id', in: [1], take: 1, cursor: { id: 1 } }],
  ['it takes no `distinct`.', { by: 'id', in: [1], take: 1, distinct: ['id'] }],
  ['it needs `by`, `in` and `take`.', undefined],
])('a wrong call is refused: %s', async (problem, args) => {
  const { prisma } = library.open();
  await expect(prisma.book.findManyGrouped(args as never)).rejects.toMatchObject({
    name: 'PrismaClientValidationError',
    message: `Invalid \`prisma.book.findManyGrouped()\` invocation: ${problem}`,
  });
});

test('what Prisma refuses in the rest, it refuses here, and a type that has no equality is named', async () => {
  const { prisma } = museum.open();
  const ask = (args: object) =>
    prisma.specimen.findManyGrouped({ in: [], take: 1, ...args } as never);
  await expect(ask({ by: 'json' })).rejects.toThrow(
    "rows can't be grouped `by` json: Json has no equality.",
  );
  await expect(ask({ by: 'id', in: [1], where: { nope: 1 } })).rejects.toThrow(
    'Unknown argument `nope`',
  );
  await expect(ask({ by: 'id', in: [null] })).rejects.toThrow('Argument `id` is missing');
  await expect(ask({ by: 'mood', in: ['CALM', 'NOPE'] })).rejects.toThrow(
    'Invalid value for argument `mood`',
  );
});

test('a client with another adapter is told so', async () => {
  const { db } = library.open();
  const adapter = new PrismaPg({ connectionString: library.server.url() });
  const other = new LibraryClient({ adapter }).$extends(db.extension);
  await expect(other.book.findManyGrouped({ by: 'id', in: [1], take: 1 })).rejects.toThrow(
    'findManyGrouped has not reached the adapter of lifeguard()',
  );
  await other.$disconnect();
});

test('extensions applied before and after it take part', async () => {
  const { db } = library.open();
  const filtered = (id: number) => ({
    query: {
      book: {
        // biome-ignore lint/suspicious/noExplicitAny: as such extensions are written
        findMany({ args, query }: any) {
          return query({ ...args, where: { AND: [{ NOT: { id } }, args.where] } });
        },
      },
    },
  });
  const prisma = new LibraryClient({ adapter: db.adapter })
    .$extends(filtered(2))
    .$extends(db.extension)
    .$extends(filtered(4))
    .$extends({
      result: {
        book: { label: { needs: { title: true }, compute: ({ title }) => `“${title}”` } },
      },
    });
  const groups = await prisma.book.findManyGrouped({
    by: 'authorId',
    in: [1],
    take: 2,
    orderBy: { id: 'asc' },
    select: { id: true, label: true },
  });
  expect(groups.get(1)).toMatchObject([
    { id: 6, label: '“Book 6”' },
    { id: 8, label: '“Book 8”' },
  ]);
});

test('an extension that takes rows away is told what to do instead', async () => {
  const { db } = library.open();
  const prisma = new LibraryClient({ adapter: db.adapter }).$extends(db.extension).$extends({
    query: { book: { findMany: async ({ args, query }) => (await query(args)).slice(1) } },
  });
  await expect(
    prisma.book.findManyGrouped({ by: 'authorId', in: [1, 2], take: 3 }),
  ).rejects.toThrow('has read 6 rows and another extension has made 5 of them');
});

test('$on hears of the statement as Prisma has made it, once', async () => {
  const { db } = library.open();
  const base = new LibraryClient({
    adapter: db.adapter,
    log: [{ emit: 'event', level: 'query' }],
  });
  const queries: string[] = [];
  base.$on('query', ({ query }) => queries.push(query));
  const prisma = base.$extends(db.extension);
  const ask = { by: 'authorId', in: [1, 2], take: 1, cacheStrategy: { ttl: '1h' } } as const;
  await prisma.book.findManyGrouped({ ...ask, in: [1, 2] });
  await prisma.book.findManyGrouped({ ...ask, in: [1, 2] });
  expect(queries).toEqual([expect.stringMatching(/^SELECT .* LIMIT \$4 OFFSET \$5$/)]);
});

test('sequential calls take the same offset again, so that Prisma keeps its plan, and their own skip', async () => {
  const { db } = library.open();
  const base = new LibraryClient({
    adapter: db.adapter,
    log: [{ emit: 'event', level: 'query' }],
  });
  const offsets: unknown[] = [];
  base.$on('query', ({ params }) => offsets.push((JSON.parse(params) as unknown[]).at(-1)));
  const prisma = base.$extends(db.extension);
  const ids = async (take: number, skip: number) => {
    const ask = { by: 'authorId', in: [1, 2], orderBy: { id: 'asc' } } as const;
    const groups = await prisma.book.findManyGrouped({ ...ask, take, skip, select: { id: true } });
    return [1, 2].map((author) => groups.get(author)?.map(({ id }) => id));
  };
  const [one, two] = await ids(10, 0);
  expect(await ids(2, 1)).toEqual([one?.slice(1, 3), two?.slice(1, 3)]);
  expect(await ids(3, 4)).toEqual([one?.slice(4, 7), two?.slice(4, 7)]);
  expect(new Set(offsets).size).toBe(1);
  expect(offsets).toHaveLength(3);
});

test('comments stay at the end of the statement', async () => {
  const { db } = library.open();
  const prisma = new LibraryClient({
    adapter: db.adapter,
    comments: [
      ({ query }) => ({
        route: '/home?a=$1',
        action: query.type === 'single' ? query.action : 'many',
      }),
    ],
  }).$extends(db.extension);
  const groups = await prisma.book.findManyGrouped({ by: 'authorId', in: [1], take: 3 });
  expect(groups.get(1)).toHaveLength(3);
});
