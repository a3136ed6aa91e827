import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Library, openLibrary } from '../testing/library.ts';

let library: Library;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library?.close());
beforeEach(async () => {
  await library.sql.query(
    `DELETE FROM "Book" WHERE id > 20; DELETE FROM "Author" WHERE id > 2; UPDATE "Author" SET name = 'Ada' WHERE id = 1`,
  );
});

const keep = { cacheStrategy: { ttl: '1h', tags: ['home'] } } as const;

function open(options: Parameters<Library['open']>[0] = {}) {
  const { db, prisma } = library.open(options);
  const ada = { where: { id: 1 } };
  const rename = () => library.sql.query(`UPDATE "Author" SET name = 'Ada L.' WHERE id = 1`);
  const reads = {
    author: async () => (await prisma.author.findUnique({ ...ada, ...keep }))?.name,
    byBook: async () =>
      (await prisma.book.findFirst({ where: { authorId: 1 }, include: { author: true }, ...keep }))
        ?.author.name,
    books: () => prisma.book.count(keep),
  };
  const readAll = async () => [await reads.author(), await reads.byBook(), await reads.books()];
  return { db, prisma, reads, readAll, rename };
}

const OLD = ['Ada', 'Ada', 20];
const NEW = ['Ada L.', 'Ada L.', 20];

describe('what is dropped by hand', () => {
  test.each([
    ['a tag', { tags: ['home'] }, NEW],
    ['another tag', { tags: ['model:Author', 'write:Author'] }, OLD],
    ['a model, also where it was included', { models: ['Author'] }, NEW],
    ['a model that is in some of them only', { models: ['Book'] }, ['Ada', 'Ada L.', 20]],
  ])('by %s', async (_, what, expected) => {
    const { prisma, readAll, rename } = open();
    await readAll();
    await rename();
    expect(await readAll()).toEqual(OLD);
    await prisma.$lifeguard.invalidate(what);
    expect(await readAll()).toEqual(expected);
  });

  test('all of it, also without a client', async () => {
    const { db, readAll, rename } = open();
    await readAll();
    await rename();
    await db.cache.invalidateAll();
    expect(await readAll()).toEqual(NEW);
  });

  test('a call that says nothing, or of a model that is none, is refused', async () => {
    const { prisma } = open();
    await expect(prisma.$lifeguard.invalidate({})).rejects.toThrow(
      "invalidate needs { tags: ['…'] }",
    );
    await expect(prisma.$lifeguard.invalidate({ models: ['Author', 'book'] })).rejects.toThrow(
      'the schema has no model book; it has Author, Book',
    );
  });

  test('in the body of a transaction it is dropped again when that is committed', async () => {
    const { prisma, reads } = open();
    await prisma.$transaction(async (tx) => {
      await tx.author.update({ where: { id: 1 }, data: { name: 'Ada L.' } });
      await tx.$lifeguard.invalidate({ tags: ['home'] });
      // Somebody else reads in between, and keeps what was before.
      expect(await reads.author()).toBe('Ada');
    });
    expect(await reads.author()).toBe('Ada L.');
  });
});

describe('what is dropped by writes', () => {
  const written = (options = {}) => open({ cache: { invalidateOnWrite: true }, ...options });
  const data = { name: 'Ada L.' };

  test('nothing, unless it is asked for', async () => {
    const { prisma, readAll } = open();
    await readAll();
    await prisma.author.update({ where: { id: 1 }, data });
    expect(await readAll()).toEqual(OLD);
  });

  test('all answers that the model is part of', async () => {
    const { prisma, readAll } = written();
    await readAll();
    await prisma.author.update({ where: { id: 1 }, data });
    expect(await readAll()).toEqual(NEW);
    await prisma.book.createMany({ data: [{ title: 'More', authorId: 1 }] });
    expect(await readAll()).toEqual(['Ada L.', 'Ada L.', 21]);
  });

  test('also those that count the rows of all relations', async () => {
    const { prisma } = written();
    const count = async () =>
      (await prisma.author.findUnique({ where: { id: 1 }, include: { _count: true }, ...keep }))
        ?._count.books;
    expect(await count()).toBe(10);
    await prisma.book.create({ data: { title: 'More', authorId: 1 } });
    expect(await count()).toBe(11);
  });

  test('also those of models that are written with it', async () => {
    const { prisma, readAll } = written();
    await readAll();
    await prisma.author.create({ data: { name: 'New', books: { create: { title: 'Nested' } } } });
    expect((await readAll())[2]).toBe(21);
  });

  test('not when it failed', async () => {
    const { db, prisma, readAll } = written();
    await readAll();
    const { loads } = db.cache.stats();
    await expect(prisma.author.create({ data: { name: 'Ada' } })).rejects.toMatchObject({
      code: 'P2002',
    });
    await readAll();
    expect(db.cache.stats().loads).toBe(loads);
  });

  test('after the COMMIT of a transaction, and not before', async () => {
    const { prisma, reads } = written();
    expect(await reads.author()).toBe('Ada');
    await prisma.$transaction(async (tx) => {
      await tx.author.update({ where: { id: 1 }, data });
      expect(await reads.author()).toBe('Ada');
    });
    expect(await reads.author()).toBe('Ada L.');
  });

  test('not when it was rolled back', async () => {
    const { db, prisma, readAll } = written();
    await readAll();
    const { loads } = db.cache.stats();
    const undone = prisma.$transaction(async (tx) => {
      await tx.author.update({ where: { id: 1 }, data });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await readAll()).toEqual(OLD);
    expect(db.cache.stats().loads).toBe(loads);
  });

  test('by a batch', async () => {
    const { prisma, readAll } = written();
    await readAll();
    await prisma.$transaction([
      prisma.author.update({ where: { id: 1 }, data }),
      prisma.book.create({ data: { title: 'Batched', authorId: 1 } }),
    ]);
    expect(await readAll()).toEqual(['Ada L.', 'Ada L.', 21]);
  });

  test('only what says so itself', async () => {
    const { prisma } = open();
    const read = async (invalidateOnWrite: boolean) => {
      const cacheStrategy = { ttl: '1h', invalidateOnWrite } as const;
      return (
        await prisma.author.findFirst({
          where: { id: 1, NOT: { id: invalidateOnWrite ? 98 : 99 } },
          cacheStrategy,
        })
      )?.name;
    };
    expect([await read(true), await read(false)]).toEqual(['Ada', 'Ada']);
    await prisma.author.update({ where: { id: 1 }, data });
    expect([await read(true), await read(false)]).toEqual(['Ada L.', 'Ada']);
  });
});
