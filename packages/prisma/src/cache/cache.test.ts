import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CacheStrategy } from '../index.ts';
import type { Lifeguard } from '../lifeguard.ts';
import { PrismaClient as LibraryClient } from '../testing/generated/client.ts';
import { eventually, type Library, openLibrary } from '../testing/library.ts';
import { OpaqueId } from '../testing/opaque-id.ts';
import { PrismaClient as MuseumClient, Prisma } from '../testing/specimens/generated/client.ts';
import { type Museum, openMuseum } from '../testing/specimens/museum.ts';

let library: Library;
let museum: Museum;
beforeAll(async () => {
  [library, museum] = await Promise.all([openLibrary(), openMuseum(40)]);
});
afterAll(() => Promise.all([library?.close(), museum?.close()]));

const cacheStrategy = { ttl: '1h', tags: ['home'] } as const;

/** How many statements the pool has run so far. */
function statements({ stats }: Lifeguard): number {
  return stats().statements.reduce((sum, { executions }) => sum + executions, 0);
}

describe('an answer that is kept', () => {
  test('is of the types that Prisma gives, and everybody’s own', async () => {
    const { db, prisma } = museum.open();
    const orderBy = { id: 'asc' } as const;
    const plain = await prisma.specimen.findMany({ orderBy });
    const read = () => prisma.specimen.findMany({ orderBy, cacheStrategy });
    const loaded = await read();
    const before = statements(db);
    const [one, other] = [await read(), await read()];
    expect(statements(db)).toBe(before);
    expect(loaded).toEqual(plain);
    expect(one).toEqual(plain);
    const priced = one.find(({ decimal }) => decimal !== null);
    expect(Prisma.Decimal.isDecimal(priced?.decimal)).toBe(true);
    one[0]?.texts.push('changed');
    expect(other).toEqual(plain);
    expect(await read()).toEqual(plain);
  });

  test('serves every read', async () => {
    const { db, prisma } = museum.open();
    const { specimen, cabinet } = prisma;
    const where = { id: 1 };
    const reads = {
      unique: () => specimen.findUnique({ where, cacheStrategy }),
      sure: () => specimen.findUniqueOrThrow({ where, omit: { text: true }, cacheStrategy }),
      nothing: () => specimen.findUnique({ where: { id: -1 }, cacheStrategy }),
      first: () => specimen.findFirst({ where, cacheStrategy }),
      firstSure: () =>
        specimen.findFirstOrThrow({ where, include: { cabinet: true }, cacheStrategy }),
      count: () => specimen.count({ cacheStrategy }),
      counts: () => specimen.count({ select: { _all: true, text: true }, cacheStrategy }),
      aggregate: () =>
        specimen.aggregate({ _avg: { decimal: true }, _max: { timestamp: true }, cacheStrategy }),
      groups: () =>
        specimen.groupBy({
          by: ['mood'],
          _sum: { bigint: true },
          orderBy: { mood: 'asc' },
          cacheStrategy,
        }),
      grouped: () =>
        specimen.findManyGrouped({
          by: 'cabinetId',
          in: [1, null, 2],
          take: 2,
          orderBy: { id: 'asc' },
          cacheStrategy,
        }),
      chained: () =>
        cabinet.findUnique({ where, cacheStrategy }).specimens({ orderBy: { id: 'asc' } }),
      unchained: () =>
        cabinet.findUnique({
          where,
          select: { specimens: { orderBy: { id: 'asc' } } },
          cacheStrategy,
        }),
    };
    const results: Record<string, unknown> = {};
    for (const [name, read] of Object.entries(reads)) results[name] = await read();
    const before = statements(db);
    for (const [name, read] of Object.entries(reads)) {
      expect(await read(), name).toEqual(results[name]);
    }
    expect(statements(db)).toBe(before);
    expect(results.unchained).toEqual({ specimens: results.chained });
    expect(db.cache.stats()).toMatchObject({ fresh: 12, loaded: 12, loads: 12, stale: 0 });
  });

  test('is loaded once for all who ask at once', async () => {
    const { db, prisma } = library.open();
    const all = await Promise.all(
      Array.from({ length: 50 }, () => prisma.book.findMany({ take: 3, cacheStrategy })),
    );
    expect(statements(db)).toBe(1);
    expect(new Set(all).size).toBe(50);
    expect(all[49]).toEqual(all[0]);
  });

  test('is another one for other arguments, whatever their type', async () => {
    const { db, prisma } = museum.open();
    const filters: Prisma.SpecimenWhereInput[] = [
      {},
      { int: 0 },
      { int: { not: 0 } },
      { bigint: 0n },
      { text: '0' },
      { text: null },
      { decimal: '0' },
      { timestamp: '1970-01-01T00:00:00Z' },
      { date: new Date(0) },
      { bytes: new Uint8Array() },
      { jsonb: { equals: Prisma.DbNull } },
      { jsonb: { equals: Prisma.JsonNull } },
      { jsonb: { equals: Prisma.AnyNull } },
      { int: { equals: prisma.specimen.fields.smallint } },
      { int: { equals: prisma.specimen.fields.id } },
      { AND: [{ int: 0 }, { text: 'a' }] },
      { OR: [{ int: 0 }, { text: 'a' }] },
    ];
    for (const where of filters) {
      expect(await prisma.specimen.count({ where, cacheStrategy })).toBe(
        await prisma.specimen.count({ where }),
      );
    }
    expect(db.cache.stats()).toMatchObject({ loaded: filters.length, fresh: 0 });
  });

  test('is another one for values that differ only in what they say of themselves', async () => {
    const { prisma } = museum.open();
    const read = (id: number) =>
      prisma.specimen.findFirst({ where: { id: new OpaqueId(id) as never }, cacheStrategy });
    expect([await read(1), await read(2), await read(1)]).toMatchObject([
      { id: 1 },
      { id: 2 },
      { id: 1 },
    ]);
  });

  test('belongs to the arguments of the call, whatever becomes of their object meanwhile', async () => {
    const { db, prisma } = library.open({ cache: { maxRefreshes: 1 } });
    const { sql } = library;
    const where = { id: 1, NOT: { id: new OpaqueId(9) as never } };
    const read = () => prisma.author.findFirst({ where, cacheStrategy });
    await sql.query('BEGIN; LOCK TABLE "Book"');
    const books = prisma.book.count({ cacheStrategy });
    const counted = books.then(() => 'counted');
    await eventually(() => db.cache.stats().loading === 1);
    const first = read().then((author) => author?.name);
    await eventually(() => db.cache.stats().waiting === 1);
    where.id = 2;
    await sql.query('ROLLBACK');
    expect([await counted, await first]).toEqual(['counted', 'Ada']);
    where.id = 1;
    expect(await read()).toMatchObject({ name: 'Ada' });
    expect(db.cache.stats().loads).toBe(2);
  });

  test('is no error: what was not found is looked for again', async () => {
    const { prisma } = library.open();
    const read = () =>
      prisma.author.findUniqueOrThrow({ where: { name: 'Edsger' }, cacheStrategy });
    await expect(read()).rejects.toMatchObject({ code: 'P2025' });
    await library.sql.query(`INSERT INTO "Author" (name) VALUES ('Edsger')`);
    expect(await read()).toMatchObject({ name: 'Edsger' });
    await library.sql.query(`DELETE FROM "Author" WHERE name = 'Edsger'`);
  });

  test('leaves Prisma to join what is asked for in one tick', async () => {
    const { db, prisma } = library.open();
    const read = (id: number) => prisma.book.findUnique({ where: { id }, cacheStrategy });
    const books = await Promise.all([1, 2, 3, 4].map(read));
    expect(books.map((book) => book?.id)).toEqual([1, 2, 3, 4]);
    expect(statements(db)).toBe(1);
    await Promise.all([1, 2, 3, 4, 5].map(read));
    expect(statements(db)).toBe(2);
  });
});

describe('what a read is told', () => {
  test('loaded, fresh or stale, and how old', async () => {
    const { prisma } = library.open();
    const read = (cacheStrategy: CacheStrategy) =>
      prisma.book.count({ cacheStrategy }).withCacheInfo();
    const shelf = { ttl: '1h', tags: ['shelf'] } as const;
    expect(await read(shelf)).toMatchObject({
      data: 20,
      info: { state: 'loaded', tags: ['shelf'] },
    });
    expect(await read(shelf)).toMatchObject({ data: 20, info: { state: 'fresh' } });
    const { info } = await read({ ttl: 0, swr: '1h' });
    expect(info).toMatchObject({ state: 'stale', ageMillis: expect.any(Number), tags: [] });
  });

  test('nothing, where nothing is kept', async () => {
    const { prisma } = library.open();
    const read = prisma.$transaction((tx) => tx.book.count({ cacheStrategy }).withCacheInfo());
    expect(await read).toEqual({ data: 20, info: null });
  });

  test('also of one row, and of groups', async () => {
    const { prisma } = library.open();
    const [author, groups] = [
      await prisma.author.findUnique({ where: { id: 1 }, cacheStrategy }).withCacheInfo(),
      await prisma.book
        .findManyGrouped({ by: 'authorId', in: [1], take: 1, cacheStrategy })
        .withCacheInfo(),
    ];
    expect(author).toMatchObject({ data: { name: 'Ada' }, info: { state: 'loaded' } });
    expect(groups.data.get(1)).toHaveLength(1);
    expect(groups.info?.tags).toEqual(['home']);
  });
});

describe('within a transaction', () => {
  test('reads go to the database, and see what it has written', async () => {
    const { db, prisma } = library.open();
    const read = () => prisma.author.count({ cacheStrategy });
    expect(await read()).toBe(2);
    const inside = prisma.$transaction(async (tx) => {
      await tx.author.create({ data: { name: 'Barbara' } });
      const seen = [
        await tx.author.count({ cacheStrategy }),
        (
          await tx.author.findManyGrouped({ by: 'name', in: ['Barbara'], take: 1, cacheStrategy })
        ).get('Barbara'),
      ];
      throw Object.assign(new Error('undone'), { seen });
    });
    await expect(inside).rejects.toMatchObject({ seen: [3, [{ name: 'Barbara' }]] });
    expect(await read()).toBe(2);

    expect(await prisma.$transaction([read(), prisma.book.count({ cacheStrategy })])).toEqual([
      2, 20,
    ]);
    expect(db.cache.stats()).toMatchObject({ loads: 1, fresh: 1 });
  });
});

describe('a strategy that makes no sense', () => {
  test.each([
    ['`cacheStrategy` must be an object such as { ttl: 60, swr: 300 }.', 60],
    ['`cacheStrategy` must be an object such as { ttl: 60, swr: 300 }.', null],
    [
      '`cacheStrategy` has no `tll`; it has ttl, swr, staleOnError, tags, invalidateOnWrite.',
      { tll: 60 },
    ],
    [
      "`cacheStrategy.ttl` must be seconds, 0 or more, or a text such as '500ms', '30s', '5m' or '2h'.",
      { ttl: -1 },
    ],
    [
      "`cacheStrategy.swr` must be seconds, 0 or more, or a text such as '500ms', '30s', '5m' or '2h'.",
      { ttl: 1, swr: '60' },
    ],
    ["`cacheStrategy.tags` must be a list of texts, such as ['home'].", { ttl: 1, tags: 'home' }],
    [
      '`cacheStrategy.invalidateOnWrite` must be true or false.',
      { ttl: 1, invalidateOnWrite: 'yes' },
    ],
    ['`cacheStrategy` needs `ttl`, `swr` or `staleOnError`.', { tags: ['home'] }],
  ])('is refused: %s', async (problem, cacheStrategy) => {
    const { prisma } = library.open();
    await expect(prisma.book.findMany({ cacheStrategy } as never)).rejects.toMatchObject({
      name: 'PrismaClientValidationError',
      message: `Invalid \`prisma.book.findMany()\` invocation: ${problem}`,
    });
  });

  test('Prisma refuses one of a write', async () => {
    const { prisma } = library.open();
    const write = { data: { name: 'x' }, cacheStrategy } as never;
    await expect(prisma.author.create(write)).rejects.toThrow('Unknown argument `cacheStrategy`');
  });

  test('of the whole cache, at the start', () => {
    expect(() => library.open({ cache: { swr: -1 } })).toThrow(
      "cache.swr must be seconds, 0 or more, or a text such as '500ms', '30s', '5m' or '2h'; it is -1",
    );
  });
});

test('times of the whole cache hold where a read says none', async () => {
  const { prisma } = library.open({ cache: { ttl: '1h' } });
  const read = () => prisma.book.count({ cacheStrategy: {} }).withCacheInfo();
  await read();
  expect((await read()).info?.state).toBe('fresh');
});

test('without a cache every read goes to the database', async () => {
  const { db, prisma } = library.open({ cache: false });
  const read = () => prisma.book.count({ cacheStrategy }).withCacheInfo();
  expect([await read(), await read()]).toEqual([
    { data: 20, info: null },
    { data: 20, info: null },
  ]);
  expect(statements(db)).toBe(2);
  await prisma.$lifeguard.invalidateAll();
});

describe('clients over one database', () => {
  const only = (id: number) => ({
    query: {
      book: {
        // biome-ignore lint/suspicious/noExplicitAny: as such extensions are written
        $allOperations: ({ args, query }: any) =>
          query({ ...args, where: { AND: [args.where ?? {}, { authorId: id }] } }),
      },
    },
  });

  test('that other extensions make see different rows get answers of their own', async () => {
    const { db } = library.open();
    const base = new LibraryClient({ adapter: db.adapter });
    const prisma = base.$extends(db.extension);
    const clients = [
      prisma,
      prisma.$extends(only(1)),
      prisma.$extends(only(2)),
      base.$extends(only(2)).$extends(db.extension),
      // Both of them at once: nobody's.
      prisma.$extends(only(1)).$extends((client) => client.$extends(only(2))),
    ];
    for (const _ of [1, 2]) {
      const counts = await Promise.all(
        clients.map((client) => client.book.count({ cacheStrategy })),
      );
      expect(counts).toEqual([20, 10, 10, 10, 0]);
    }
    // Two of them ask for the same.
    expect(db.cache.stats()).toMatchObject({ loads: 4 });
  });

  test('whose extension puts a read into a transaction are never served from the cache', async () => {
    const { db } = library.open();
    const base = new LibraryClient({ adapter: db.adapter });
    const prisma = base.$extends(db.extension).$extends({
      query: {
        $allModels: {
          // Row level security is done like this.
          async $allOperations({ args, query }) {
            const [, result] = await base.$transaction([base.$executeRaw`SELECT 1`, query(args)]);
            return result;
          },
        },
      },
    });
    const read = () => prisma.book.count({ cacheStrategy });
    expect([await read(), await read()]).toEqual([20, 20]);
    expect(db.cache.stats().loads).toBe(0);
  });

  test('on a pool that sets each caller up are never served from the cache', async () => {
    const { db, prisma } = library.open();
    const { pool } = db;
    const connect = pool.connect.bind(pool);
    // What it sets for one tenant, the next one must not see.
    pool.connect = ((...args: []) => connect(...args)) as typeof pool.connect;
    const read = () => prisma.book.count({ cacheStrategy });
    expect([await read(), await read()]).toEqual([20, 20]);
    expect(db.cache.stats().loads).toBe(0);
  });

  test('that read something else with it do not take its info for that of the read', async () => {
    const { prisma } = library.open();
    const reading = prisma.$extends({
      query: {
        author: {
          async findMany({ args, query }) {
            const authors = await query(args);
            await prisma.book.count({ cacheStrategy: { ttl: '1h', tags: ['books'] } });
            return authors;
          },
        },
      },
    });
    const read = reading.author.findMany({ cacheStrategy });
    expect((await read.withCacheInfo()).info?.tags).toEqual(['home']);
  });

  test('that omit or compute other fields get answers of their own', async () => {
    const { db } = museum.open();
    const options = { adapter: db.adapter };
    const first = <T>(read: PromiseLike<T[]>) => read.then(([row]) => row);
    const args = { take: 1, orderBy: { id: 'asc' }, omit: { text: true }, cacheStrategy } as const;
    const all = new MuseumClient(options).$extends(db.extension);
    const few = new MuseumClient({ ...options, omit: { specimen: { int: true } } }).$extends(
      db.extension,
    );
    const more = all.$extends({
      result: { specimen: { loud: { needs: { text: true }, compute: ({ text }) => `${text}!` } } },
    });
    const { text } = await all.specimen.findFirstOrThrow({ orderBy: { id: 'asc' } });
    for (const _ of [1, 2]) {
      expect(await first(all.specimen.findMany(args))).toHaveProperty('int');
      expect(await first(few.specimen.findMany(args))).not.toHaveProperty('int');
      expect(await first(more.specimen.findMany(args))).toMatchObject({ loud: `${text}!` });
    }
    expect(db.cache.stats()).toMatchObject({ loaded: 3, fresh: 3 });
  });
});
