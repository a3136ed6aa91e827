import { currentContext, withRequest } from '@lifeguard/pool';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Library, openLibrary } from '../testing/library.ts';

let library: Library;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library?.close());

/** Opens a client, and notes of each statement the request in whose name it was sent. */
function open() {
  const opened = library.open();
  const routes: unknown[] = [];
  const query = opened.db.pool.query.bind(opened.db.pool);
  Object.assign(opened.db.pool, {
    query(...args: Parameters<typeof query>) {
      routes.push(currentContext()?.request?.route);
      return query(...args);
    },
  });
  const senders = () => opened.db.stats().statements.flatMap(({ owners }) => owners);
  return { ...opened, senders, routes };
}

test('findUnique calls of one tick, of several models, each go by their own name', async () => {
  const { prisma, senders, routes } = open();
  const author = async () => await prisma.author.findUnique({ where: { id: 1 } });
  const book = async () => await prisma.book.findUnique({ where: { id: 1 } });
  const found = await Promise.all([withRequest('one', author), withRequest('two', book)]);
  expect(found).toMatchObject([{ name: 'Ada' }, { title: 'Book 1' }]);
  expect(senders().sort()).toEqual([
    expect.stringMatching(/^Author\.findUnique at author \(/),
    expect.stringMatching(/^Book\.findUnique at book \(/),
  ]);
  expect(routes).toEqual(['one', 'two']);
});

test('a relation that the first one loads is not taken for the other’s', async () => {
  const { prisma, routes } = open();
  const author = async () =>
    await prisma.author.findUnique({ where: { id: 1 }, include: { books: true } });
  const book = async () => await prisma.book.findUnique({ where: { id: 1 } });
  await Promise.all([withRequest('one', author), withRequest('two', book)]);
  expect(routes).toEqual(['one', 'two', 'one']);
});

test('the deadline of one does not end what another waits for', async () => {
  const { db, prisma } = open();
  await library.sql.query('BEGIN; LOCK TABLE "Book"');
  const book = (id: number) => prisma.book.findUnique({ where: { id } });
  const hasty = db.withDeadline(100, () => book(1));
  const patient = Promise.resolve(book(2));
  const other = Promise.resolve(prisma.author.findUnique({ where: { id: 1 } }));
  await expect(hasty).rejects.toMatchObject({ code: 'P1008' });
  expect(await other).toMatchObject({ name: 'Ada' });
  await library.sql.query('COMMIT');
  expect(await patient).toMatchObject({ title: 'Book 2' });
});
