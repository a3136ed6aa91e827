import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { StorePrisma } from '../clients/client.ts';
import { createStockClient } from '../clients/stock.ts';
import { openShop, type TestShop } from '../testing/shop.ts';
import { productPages as repaired } from './product.repaired.ts';
import { productPages as naive } from './product.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.close());

test('both pages show the same product', async () => {
  const answer = await repaired(shop.prisma)('7');
  expect(answer).toEqual(await naive(shop.prisma)('7'));
  expect(answer.product).toMatchObject({ id: 7, category: { id: answer.product.categoryId } });
});

test('repaired, a page is read once in a few seconds', async () => {
  const show = repaired(shop.prisma);
  const { product } = await show('8');
  await shop.sql.query("UPDATE products SET name = 'Renamed' WHERE id = 8");
  expect(await show('8')).toEqual({ product });
});

test('repaired, a page that was read before is shown while the database is away, and marked', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  try {
    let isAway = false;
    const prisma = shop.prisma.$extends({
      query: {
        $allOperations({ args, query }) {
          if (isAway) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'P1001' });
          return query(args);
        },
      },
    });
    const show = repaired(prisma as unknown as StorePrisma);
    const { product } = await show('9');
    vi.advanceTimersByTime(60_000);
    isAway = true;
    expect(await show('9')).toEqual({
      product,
      cacheStatus: 'shop; hit; detail=stale-on-error',
    });
  } finally {
    vi.useRealTimers();
  }
});

test('what is not sold is not kept', async () => {
  const show = repaired(shop.prisma);
  await expect(show('20')).rejects.toMatchObject({ code: 'not-found' });
  await shop.sql.query('UPDATE products SET is_published = true WHERE id = 20');
  expect(await show('20')).toMatchObject({ product: { id: 20 } });
  await shop.sql.query('UPDATE products SET is_published = false WHERE id = 20');
});

test('a page that nobody has read before the database went away is an error', async () => {
  const { prisma, close } = createStockClient('postgresql://shop@127.0.0.1:1/shop');
  await expect(repaired(prisma)('7')).rejects.toMatchObject({ code: 'P1001' });
  await close();
});
