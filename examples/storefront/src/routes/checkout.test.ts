import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Cart } from '../cart.ts';
import { type PaymentGateway, slowPayment } from '../payment.ts';
import { openShop, type TestShop } from '../testing/shop.ts';
import { checkout as repaired } from './checkout.repaired.ts';
import { checkout as naive } from './checkout.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.close());

beforeEach(async () => {
  await shop.sql.query('TRUNCATE orders, order_items RESTART IDENTITY');
  await shop.sql.query('UPDATE products SET stock = 10');
});

const instant = slowPayment({ latencyMillis: 0 });
const declining = slowPayment({ latencyMillis: 0, declines: () => true });
const cart: Cart = {
  userId: 3,
  items: [
    { productId: 11, quantity: 2 },
    { productId: 12, quantity: 1 },
  ],
};

test('both checkouts leave the same rows', async () => {
  const first = { receipt: await naive(shop.prisma, instant, cart), rows: await rows() };
  await shop.sql.query('TRUNCATE orders, order_items RESTART IDENTITY');
  await shop.sql.query('UPDATE products SET stock = 10');
  const second = { receipt: await repaired(shop.prisma, instant, cart), rows: await rows() };

  expect(second).toEqual(first);
  expect(second.rows.orders).toMatchObject([{ user_id: 3, status: 'paid' }]);
  expect(second.rows.items).toHaveLength(2);
  expect(second.rows.sold).toEqual([
    { id: 11, stock: 8 },
    { id: 12, stock: 9 },
  ]);
});

describe.each([
  { name: 'as it was', checkout: naive },
  { name: 'repaired', checkout: repaired },
])('checkout $name', ({ checkout }) => {
  test('sells the last item once', async () => {
    await shop.sql.query('UPDATE products SET stock = 1 WHERE id = 11');
    const shoppers = Array.from({ length: 6 }, (_, index) =>
      checkout(shop.prisma, instant, {
        userId: index + 1,
        items: [{ productId: 11, quantity: 1 }],
      }),
    );
    const results = await Promise.allSettled(shoppers);

    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'sold-out' });
    }
    expect(await rows()).toMatchObject({ orders: [{ status: 'paid' }], sold: [{ stock: 0 }] });
  });

  test('a cart that is sold out in part takes nothing', async () => {
    await shop.sql.query('UPDATE products SET stock = 0 WHERE id = 12');
    await expect(checkout(shop.prisma, instant, cart)).rejects.toMatchObject({
      code: 'sold-out',
      message: 'Fewer than 1 of product 12 are left.',
    });
    expect(await rows()).toMatchObject({ orders: [], items: [], sold: [{ id: 12, stock: 0 }] });
  });

  test.each([
    { what: 'unknown', productId: 123_456 },
    { what: 'a draft', productId: 20 },
  ])('a product that is $what is refused', async ({ productId }) => {
    const wanted = { userId: 1, items: [{ productId, quantity: 1 }] };
    await expect(checkout(shop.prisma, instant, wanted)).rejects.toMatchObject({
      code: 'unknown-product',
    });
    expect(await rows()).toEqual({ orders: [], items: [], sold: [] });
  });

  test('a declined payment puts the products back', async () => {
    await expect(checkout(shop.prisma, declining, cart)).rejects.toMatchObject({
      code: 'payment-declined',
    });
    const { orders, sold } = await rows();
    expect(sold).toEqual([]);
    expect(orders.filter((order) => order.status !== 'failed')).toEqual([]);
  });

  test('the gateway is told the order and its total', async () => {
    const charges: unknown[] = [];
    const payment: PaymentGateway = {
      async charge(charge) {
        charges.push(charge);
        return { paymentId: 'one' };
      },
    };
    const { orderId, totalCents } = await checkout(shop.prisma, payment, cart);
    expect(charges).toEqual([{ orderId, amountCents: totalCents }]);
  });
});

test('only the checkout as it was holds a connection while it pays', async () => {
  const held: number[] = [];
  const payment: PaymentGateway = {
    async charge() {
      const { rowCount } = await shop.sql.query(
        `SELECT FROM pg_stat_activity WHERE state = 'idle in transaction'`,
      );
      held.push(rowCount ?? Number.NaN);
      return { paymentId: 'one' };
    },
  };
  await naive(shop.prisma, payment, cart);
  await repaired(shop.prisma, payment, cart);
  expect(held).toEqual([1, 0]);
});

async function rows() {
  const { sql } = shop;
  const orders = await sql.query('SELECT id, user_id, status, total_cents FROM orders ORDER BY id');
  const items = await sql.query('SELECT * FROM order_items ORDER BY order_id, product_id');
  const sold = await sql.query('SELECT id, stock FROM products WHERE stock <> 10 ORDER BY id');
  return { orders: orders.rows, items: items.rows, sold: sold.rows };
}
