import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Library, openLibrary } from '../testing/library.ts';

let library: Library;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library?.close());

test('a holder is named by its transaction, its operations and its route', async () => {
  const { db, prisma } = library.open();
  let seen: string | undefined;
  const server = createServer(async (_request, response) => {
    await prisma.$transaction(async (tx) => {
      await tx.book.findFirst();
      await tx.author.count();
      seen = db.stats().holders[0]?.owner;
    });
    response.end('done');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}/orders/42`)).text();
  server.close();
  expect(seen).toBe('$transaction (Book.findFirst, Author.count) in GET /orders/:id');
});

test('a batch goes by its first operation, a nested write by its own', async () => {
  const { db, prisma } = library.open();
  await prisma.$transaction([prisma.book.findFirst(), prisma.author.count()]);
  await prisma.author.create({
    data: { name: 'Owner', books: { create: { title: 'Owned' } } },
  });
  const owners = db.stats().owners.map(({ owner }) => owner);
  expect(owners.toSorted()).toEqual(['$transaction [Book.findFirst, …]', 'Author.create']);
});

test('a request that fans out becomes an incident with its operation and its route', async () => {
  const { db, prisma } = library.open();
  const server = createServer(async (_request, response) => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => prisma.book.findMany({ where: { authorId: i } })),
    );
    response.end('done');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}/home?visitor=1`)).text();
  server.close();
  expect(db.stats().fanOuts).toMatchObject([
    { route: 'GET /home', owner: 'Book.findMany', requests: 1, peak: 20 },
  ]);
  expect(db.monitor.incidents()).toMatchObject([
    { kind: 'fan-out', title: 'GET /home sends up to 20 × Book.findMany at once' },
  ]);
});

test('an idle transaction names the two calls between which it was idle', async () => {
  const { db, prisma } = library.open();
  await prisma.$transaction(async function placeOrder(tx) {
    await tx.book.findFirst();
    await new Promise((paid) => setTimeout(paid, 80));
    await tx.author.count();
  });
  const [owner] = db.stats().owners;
  expect(owner?.pauseAt).toMatch(
    /^between Book\.findFirst at .*operation\.test\.ts:\d+:\d+\) and Author\.count at .*operation\.test\.ts/,
  );
});
