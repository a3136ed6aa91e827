import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StorePrisma } from '../clients/client.ts';
import type { GuardedPrisma } from '../clients/lifeguard.ts';
import { operationsOf } from '../testing/operations.ts';
import { openShop, smallSize, type TestShop } from '../testing/shop.ts';
import { homepage as repaired } from './homepage.repaired.ts';
import { homepage as naive } from './homepage.ts';
import { shelfLength } from './shelf.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.close());

test('both homepages show the same products', async () => {
  const shelves = await repaired(shop.guarded);
  expect(shelves).toEqual(await naive(shop.prisma));
  expect(shelves.map((shelf) => shelf.products.length)).toEqual(
    Array(smallSize.categories).fill(shelfLength),
  );
});

test('the newest products come first, and drafts not at all', async () => {
  const newest = await shop.prisma.product.findFirstOrThrow({
    where: { isPublished: true },
    orderBy: { createdAt: 'desc' },
  });
  const draft = { ...newest, id: 9001, slug: 'draft', isPublished: false };
  await shop.prisma.product.create({ data: { ...draft, createdAt: new Date('2030-01-01') } });

  const shelves = await repaired(shop.guarded);
  expect(shelves.find((shelf) => shelf.id === newest.categoryId)?.products[0]?.id).toBe(newest.id);
  expect(shelves).toEqual(await naive(shop.prisma));
});

test('a category without products is shown empty', async () => {
  await shop.prisma.category.create({ data: { slug: 'attic', name: 'Attic' } });
  const shelves = await repaired(shop.guarded);
  expect(shelves.find((shelf) => shelf.slug === 'attic')?.products).toEqual([]);
  expect(shelves).toEqual(await naive(shop.prisma));
});

test('the repaired homepage asks twice, the other once more for each category', async () => {
  const categories = await shop.prisma.category.count();
  const guarded = shop.guarded as unknown as StorePrisma;
  const page = (prisma: StorePrisma) => repaired(prisma as unknown as GuardedPrisma);
  expect(await operationsOf(guarded, page)).toBe(2);
  expect(await operationsOf(shop.prisma, naive)).toBe(1 + categories);
});
