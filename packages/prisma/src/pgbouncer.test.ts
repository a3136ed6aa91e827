import { PGBOUNCER_LIMIT_MILLIS, type PgBouncer, startPgBouncer } from '@lifeguard/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Library, openLibrary } from './testing/library.ts';

let library: Library;
const bouncers: PgBouncer[] = [];
beforeAll(async () => {
  library = await openLibrary();
  for (const keepsPrepared of [true, false]) {
    bouncers.push(
      await startPgBouncer({
        target: library.server,
        keepsPrepared,
        settings: { default_pool_size: 2 },
      }),
    );
  }
}, PGBOUNCER_LIMIT_MILLIS);
afterAll(async () => {
  await library?.close();
  for (const bouncer of bouncers) await bouncer.stop();
});

/** A client whose pool is larger than PgBouncer's. */
function through(keepsPrepared: boolean, parameters: Record<string, string | number> = {}) {
  const bouncer = bouncers[keepsPrepared ? 0 : 1] as PgBouncer;
  const url = bouncer.url(library.server.url(), { connection_limit: 5, ...parameters });
  return library.open({ url });
}

describe.each([
  ['that keeps prepared statements', true, {}],
  ['that keeps none', false, {}],
  ['that is named in the address', false, { pgbouncer: 'true' }],
])('behind a PgBouncer %s', (name, keepsPrepared, parameters) => {
  test('many reads at once: each has its own answer', async () => {
    const { prisma } = through(keepsPrepared, parameters);
    for (let round = 0; round < 10; round++) {
      const ids = Array.from({ length: 40 }, (_, i) => 1 + (i % 20));
      const books = await Promise.all(
        ids.map((id) =>
          id % 2 === 0
            ? prisma.book.findFirst({ where: { id }, orderBy: { id: 'asc' } })
            : prisma.book.findFirst({ where: { id }, include: { author: true } }),
        ),
      );
      expect(books.map((book) => book?.title)).toEqual(ids.map((id) => `Book ${id}`));
    }
  });

  test('transactions, batches and nested writes; one that is rolled back', async () => {
    const { prisma } = through(keepsPrepared, parameters);
    const names = Array.from({ length: 20 }, (_, i) => `${name} ${i}`);
    await Promise.all(
      names.map((author) =>
        prisma.$transaction(
          async (tx) => {
            const { id } = await tx.author.create({
              data: { name: author, books: { create: [{ title: author }] } },
            });
            await tx.book.update({
              where: { id: (await tx.book.findFirstOrThrow({ where: { authorId: id } })).id },
              data: { title: `${author}, 2nd ed.` },
            });
          },
          { maxWait: 10_000, timeout: 10_000 },
        ),
      ),
    );
    const failed = prisma.$transaction(async (tx) => {
      await tx.author.create({ data: { name: `${name}, never` } });
      await tx.author.create({ data: { name: 'Ada' } });
    });
    await expect(failed).rejects.toMatchObject({ code: 'P2002' });
    const [authors, books] = await prisma.$transaction([
      prisma.author.count({ where: { name: { startsWith: name } } }),
      prisma.book.count({ where: { title: { startsWith: name, endsWith: '2nd ed.' } } }),
    ]);
    expect([authors, books]).toEqual([20, 20]);
    await prisma.book.deleteMany({ where: { title: { startsWith: name } } });
    await prisma.author.deleteMany({ where: { name: { startsWith: name } } });
  });
});
