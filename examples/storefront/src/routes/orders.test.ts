import { afterAll, beforeAll, expect, test } from 'vitest';
import { operationsOf } from '../testing/operations.ts';
import { openShop, smallSize, type TestShop } from '../testing/shop.ts';
import { orderList as repaired } from './orders.repaired.ts';
import { orderList as naive } from './orders.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.close());

test('both lists show the same orders, the newest first', async () => {
  const orders = await repaired(shop.prisma);
  expect(orders).toEqual(await naive(shop.prisma));
  expect(orders).toHaveLength(smallSize.orders);
  expect(orders[0]).toMatchObject({ id: smallSize.orders, customer: expect.any(String) });
  expect(orders.every(({ pieces }) => pieces > 0)).toBe(true);
});

test('the repaired list is one operation, the other two more for each order', async () => {
  expect(await operationsOf(shop.prisma, repaired)).toBe(1);
  expect(await operationsOf(shop.prisma, naive)).toBe(1 + 2 * smallSize.orders);
});
