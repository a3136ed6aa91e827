import { currentContext, withRequest } from '@lifeguard/pool';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { Prisma, PrismaClient } from '../testing/generated/client.ts';
import { type Library, openLibrary } from '../testing/library.ts';

let library: Library;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library?.close());

/** A client as it is in production, where Prisma itself notes no call sites. */
function open(options: Parameters<Library['open']>[0] = {}) {
  const { db } = library.open(options);
  const plain = new PrismaClient({ adapter: db.adapter, errorFormat: 'minimal' });
  const senders = () => db.stats().statements.flatMap(({ owners }) => owners);
  return { db, plain, prisma: plain.$extends(db.extension), senders };
}

const here = (label: string, name = '') =>
  expect.stringMatching(
    `^${label.replaceAll(/[$[\].]/g, '\\$&')} at ${name}[ (]*faces/client-face\\.test\\.ts:\\d+:\\d+\\)?$`,
  );

describe('each statement is known by its operation and the place that called it', () => {
  test('of a model', async () => {
    const { prisma, senders } = open();
    await (async function listBooks() {
      await prisma.book.findMany();
    })();
    expect(senders()).toEqual([here('Book.findMany', 'listBooks')]);
  });

  test.each<[string, (prisma: ReturnType<typeof open>['prisma']) => PromiseLike<unknown>]>([
    ['Book.count', (prisma) => prisma.book.count()],
    ['Book.aggregate', (prisma) => prisma.book.aggregate({ _max: { id: true } })],
    ['Book.groupBy', (prisma) => prisma.book.groupBy({ by: ['authorId'] })],
    ['Book.findFirstOrThrow', (prisma) => prisma.book.findFirstOrThrow()],
    ['Author.create', (prisma) => prisma.author.create({ data: { name: 'Edsger' } })],
    ['Author.deleteMany', (prisma) => prisma.author.deleteMany({ where: { name: 'Edsger' } })],
    ['$queryRaw', (prisma) => prisma.$queryRaw`SELECT 1`],
    ['$queryRaw', (prisma) => prisma.$queryRaw(Prisma.sql`SELECT ${1}::int`)],
    ['$queryRawUnsafe', (prisma) => prisma.$queryRawUnsafe('SELECT 2')],
    ['$executeRaw', (prisma) => prisma.$executeRaw`DELETE FROM "Author" WHERE id < 0`],
    ['$executeRawUnsafe', (prisma) => prisma.$executeRawUnsafe('DELETE FROM "Book" WHERE id < 0')],
  ])('%s', async (label, call) => {
    const { prisma, senders } = open();
    await call(prisma);
    expect(senders()).toEqual([here(label)]);
  });

  test('of a relation that is asked for through another', async () => {
    const { prisma, senders } = open();
    const books = await prisma.author.findUnique({ where: { name: 'Ada' } }).books({ take: 2 });
    expectTypeOf(books).toExtend<{ title: string }[] | null>();
    expect(books?.map(({ title }) => title)).toEqual(['Book 2', 'Book 4']);
    const author = await prisma.book.findFirstOrThrow({ where: { title: 'Book 2' } }).author();
    expect(author.name).toBe('Ada');
    expect(new Set(senders())).toHaveLength(2);
    expect(senders()).toContainEqual(here('Author.findUnique'));
    expect(senders()).toContainEqual(here('Book.findFirstOrThrow'));
  });

  test('where it was called, not where it was awaited', async () => {
    const { prisma, senders } = open();
    const later = (function callFirst() {
      return prisma.book.findFirst();
    })();
    await (async function awaitLater() {
      await later;
    })();
    expect(senders()).toEqual([here('Book.findFirst', 'callFirst')]);
  });

  test('of a transaction, and of what is in it', async () => {
    const { db, prisma } = open();
    const seen = await (async function placeOrder() {
      return prisma.$transaction(async (tx) => {
        await tx.book.findFirst();
        await tx.$queryRaw`SELECT 1`;
        return db.stats().holders[0];
      });
    })();
    expect(seen).toMatchObject({
      owner: '$transaction (Book.findFirst, $queryRaw)',
      site: expect.stringMatching(/^placeOrder \(faces\/client-face\.test\.ts:\d+:\d+\)$/),
    });
  });

  test('of a batch', async () => {
    const { db, prisma } = open();
    let site: string | undefined;
    db.pool.on('release', () => {
      site ??= String(currentContext()?.owner?.site);
    });
    await (async function countAll() {
      const counts = [prisma.book.count(), prisma.author.count()];
      await prisma.$transaction(counts);
    })();
    expect(db.stats().owners.map(({ owner }) => owner)).toEqual(['$transaction [Book.count, …]']);
    expect(site).toMatch(/^countAll \(/);
  });

  test('the outer client inside of a transaction, with both places', async () => {
    const { db, prisma } = open({ callSites: 'adaptive' });
    const countAuthors = () => prisma.author.count();
    for (let i = 0; i < 20; i++) await countAuthors();
    await (async function checkout() {
      await prisma.$transaction(async (tx) => {
        await tx.book.findFirst();
        await countAuthors();
      });
    })();
    expect(db.stats().nested).toMatchObject([
      {
        holder: '$transaction (Book.findFirst)',
        holderSite: expect.stringMatching(/^checkout \(/),
        asks: 'Author.count',
        site: expect.stringMatching(/^countAuthors \(/),
        count: 1,
        refused: 0,
      },
    ]);
  });
});

test('in production a slow operation is known by its place from the second call on', async () => {
  const { prisma, senders } = open({ callSites: 'adaptive' });
  for (let i = 0; i < 20; i++) await prisma.$queryRawUnsafe('SELECT 1');
  const nap = () => prisma.$queryRawUnsafe('SELECT pg_sleep(0.02)::text');
  await nap();
  await (async function napAgain() {
    await prisma.$queryRawUnsafe('SELECT pg_sleep(0.01)::text AS later');
  })();
  expect(senders()).toContainEqual(here('$queryRawUnsafe', 'napAgain'));
});

describe('Prisma’s promises stay what they are', () => {
  test('nothing runs before somebody wants the result, and then once', async () => {
    const { db, prisma } = open();
    const promise = prisma.author.findMany({ where: { name: 'Ada' } });
    await new Promise(setImmediate);
    expect(db.stats().counts.statements).toBe(0);
    const [first, second] = await Promise.all([promise, promise]);
    expect(await promise).toBe(first);
    expect(second).toBe(first);
    expect(db.stats().counts.statements).toBe(1);
  });

  test('findUnique of one tick is told with the places of all who asked', async () => {
    const { db, prisma } = open();
    const inOneRequest = async () => await prisma.author.findUnique({ where: { id: 1 } });
    const inAnother = async () => await prisma.author.findUnique({ where: { id: 2 } });
    await Promise.all([withRequest('one', inOneRequest), withRequest('two', inAnother)]);
    expect(db.stats().statements).toMatchObject([
      {
        owners: [
          expect.stringMatching(/^Author\.findUnique at inOneRequest \(\S+\), inAnother \(\S+\)$/),
        ],
      },
    ]);
    await prisma.author.findUnique({ where: { id: 1 }, select: { id: true } });
    expect(db.stats().statements.at(-1)?.owners).not.toContain('inAnother');
  });

  test('a batch takes them, also with isolation level, and gives each its result', async () => {
    const { db, prisma } = open();
    const results = await prisma.$transaction(
      [
        prisma.author.findUnique({ where: { name: 'Ada' } }),
        prisma.book.count({ where: { authorId: 1 } }),
        prisma.$queryRaw<{ n: number }[]>`SELECT 7 AS n`,
      ],
      { isolationLevel: 'Serializable' },
    );
    expectTypeOf(results[1]).toEqualTypeOf<number>();
    expect(results).toEqual([{ id: 1, name: 'Ada' }, 10, [{ n: 7 }]]);
    expect(db.stats().counts.checkouts).toBe(1);
  });

  test('a batch that fails leaves nothing', async () => {
    const { prisma } = open();
    const batch = prisma.$transaction([
      prisma.author.create({ data: { name: 'Nobody' } }),
      prisma.author.create({ data: { name: 'Ada' } }),
    ]);
    await expect(batch).rejects.toMatchObject({ code: 'P2002' });
    expect(await prisma.author.count({ where: { name: 'Nobody' } })).toBe(0);
  });

  test('findUnique of one tick is one statement still', async () => {
    const { db, prisma } = open();
    const authors = await Promise.all(
      [1, 2, 1].map((id) => prisma.author.findUnique({ where: { id } })),
    );
    expect(authors.map((author) => author?.name)).toEqual(['Ada', 'Grace', 'Ada']);
    expect(db.stats().counts.statements).toBe(1);
  });

  test('then, catch, finally; what follows is not done in the operation’s name', async () => {
    const { prisma } = open();
    const promise = prisma.author.findFirstOrThrow({ where: { id: -1 } });
    expect(Object.prototype.toString.call(promise)).toBe('[object PrismaPromise]');
    const calls: unknown[] = [];
    await promise.catch((error) => calls.push(error.code, currentContext()?.owner));
    await prisma.author.count().then((n) => calls.push(n > 0, currentContext()?.owner));
    await prisma.author.count().finally(() => calls.push('finally', currentContext()?.owner));
    expect(calls).toEqual(['P2025', undefined, true, undefined, 'finally', undefined]);
  });

  test('errors name the operation and the place as Prisma does', async () => {
    const { db } = open();
    const prisma = new PrismaClient({ adapter: db.adapter, errorFormat: 'colorless' }).$extends(
      db.extension,
    );
    const error = await prisma.author.create({ data: { name: 'Ada' } }).catch((thrown) => thrown);
    expect(error.message).toContain('Invalid `prisma.author.create()` invocation in');
    expect(error.message).toContain('client-face.test.ts');
  });
});

describe('the client stays what it is', () => {
  test('the types of its results', () => {
    const { prisma, plain } = open();
    const ada = { where: { name: 'Ada' }, include: { books: true } } as const;
    const select = { title: true, author: { select: { name: true } } } as const;
    expectTypeOf(prisma.author.findUnique(ada)).resolves.toEqualTypeOf<
      Awaited<ReturnType<typeof plain.author.findUnique<typeof ada>>>
    >();
    const titles = prisma.book.findMany({ select });
    expectTypeOf(titles).resolves.toEqualTypeOf<{ title: string; author: { name: string } }[]>();
    const books = prisma.author.findUniqueOrThrow({ where: { name: 'Ada' } }).books();
    expectTypeOf(books).resolves.toEqualTypeOf<{ id: number; title: string; authorId: number }[]>();
    expectTypeOf(prisma.book.groupBy({ by: ['authorId'], _count: true })).resolves.toExtend<
      { authorId: number; _count: number }[]
    >();
    expectTypeOf(prisma.$queryRaw<{ n: 1 }[]>`SELECT 1 AS n`).resolves.toEqualTypeOf<{ n: 1 }[]>();
  });

  test('a model or a method may be taken apart from it', async () => {
    const { prisma } = open();
    const { book } = prisma;
    const { count } = book;
    expect(await count()).toBe(20);
    expect(prisma.book).toBe(book);
    expect(book.count).toBe(count);
    expect('book' in prisma && 'count' in book && !('film' in prisma)).toBe(true);
    expect(Object.keys(book.fields)).toEqual(['id', 'title', 'authorId']);
  });

  test('methods of other extensions, before and after, with the call sites in them', async () => {
    const { db, plain, senders } = open();
    const countable = (name: string) =>
      Prisma.defineExtension({
        name,
        model: {
          $allModels: {
            async [name]<T>(this: T) {
              const context = Prisma.getExtensionContext(this);
              return (context as unknown as { count(): Promise<number> }).count();
            },
          },
        },
      });
    const prisma = plain
      .$extends(countable('before'))
      .$extends(db.extension)
      .$extends(countable('after'));
    const model = prisma.book as unknown as Record<string, () => Promise<number>>;
    expect(await model.before?.()).toBe(20);
    expect(await model.after?.()).toBe(20);
    expect(senders()).toEqual(
      ['before', 'after'].map((name) => here('Book.count', `Proxy\\.${name}`)),
    );
  });

  test('hooks and computed fields of other extensions, before and after', async () => {
    const { db, plain, senders } = open();
    const seen: string[] = [];
    const watching = (name: string) =>
      Prisma.defineExtension({
        query: {
          async $allOperations({ operation, args, query }) {
            seen.push(`${name} ${operation}`);
            await new Promise(setImmediate);
            return query(args);
          },
        },
        result: {
          author: {
            [name]: {
              needs: { name: true },
              compute: (author: { name: string }) => `${name} ${author.name}`,
            },
          },
        },
      });
    const prisma = plain
      .$extends(watching('before'))
      .$extends(db.extension)
      .$extends(watching('after'));
    const ada = await prisma.author.findFirst({ where: { name: 'Ada' } });
    expect(ada).toMatchObject({ before: 'before Ada', after: 'after Ada' });
    await prisma.$transaction(async (tx) => tx.author.count());
    expect(seen).toEqual(['before findFirst', 'after findFirst', 'before count', 'after count']);
    expect(senders()).toEqual([here('Author.findFirst')]);
  });

  test('the log of queries, and comments in them', async () => {
    const { db } = open();
    const queries: string[] = [];
    const plain = new PrismaClient({
      adapter: db.adapter,
      log: [{ emit: 'event', level: 'query' }],
      comments: [({ query }) => ({ model: query.modelName ?? '' })],
    });
    plain.$on('query', ({ query }) => queries.push(query));
    const prisma = plain.$extends(db.extension);
    await prisma.book.count();
    expect(queries).toEqual([expect.stringMatching(/^SELECT COUNT.*\/\*model='Book'\*\/$/)]);
    expect(db.stats().statements[0]?.owners).toEqual([here('Book.count')]);
  });

  test('a test may put a method of its own in place, and take it back', async () => {
    const { prisma } = open();
    expect(await prisma.book.count()).toBe(20);
    const spy = vi.spyOn(prisma.book, 'count').mockResolvedValue(7 as never);
    expect(await prisma.book.count()).toBe(7);
    spy.mockRestore();
    expect(await prisma.book.count()).toBe(20);
  });

  test('a transaction within a transaction', async () => {
    const { prisma } = open();
    const nested = (tx: object) => tx as typeof prisma;
    await prisma.$transaction(async (tx) => {
      await tx.author.create({ data: { name: 'Kept' } });
      await nested(tx)
        .$transaction(async (inner) => {
          await inner.author.create({ data: { name: 'Undone' } });
          throw new Error('back');
        })
        .catch(() => {});
    });
    const names = await prisma.author.findMany({ where: { name: { in: ['Kept', 'Undone'] } } });
    expect(names.map(({ name }) => name)).toEqual(['Kept']);
    await prisma.author.deleteMany({ where: { name: 'Kept' } });
  });
});
