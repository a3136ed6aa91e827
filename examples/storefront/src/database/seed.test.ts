import { afterAll, beforeAll, expect, test } from 'vitest';
import { Prisma } from '../generated/client.ts';
import { openShop, smallSize, type TestShop } from '../testing/shop.ts';
import { createSchema } from './schema.ts';
import { fillSchema } from './seed.ts';
import { isPublished } from './size.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.close());

test('every model can be read, with all its fields, from the tables of schema.sql', async () => {
  const { prisma } = shop;
  const models = [
    ['categories', Prisma.CategoryScalarFieldEnum, await prisma.category.findFirstOrThrow()],
    ['products', Prisma.ProductScalarFieldEnum, await prisma.product.findFirstOrThrow()],
    ['users', Prisma.UserScalarFieldEnum, await prisma.user.findFirstOrThrow()],
    ['sessions', Prisma.SessionScalarFieldEnum, await prisma.session.findFirstOrThrow()],
    ['orders', Prisma.OrderScalarFieldEnum, await prisma.order.findFirstOrThrow()],
    ['order_items', Prisma.OrderItemScalarFieldEnum, await prisma.orderItem.findFirstOrThrow()],
  ] as const;

  for (const [table, fields, row] of models) {
    expect(Object.keys(row)).toEqual(Object.keys(fields));
    expect({ table, columns: await columnsOf(table) }).toEqual({
      table,
      columns: Object.keys(fields).map(toSnakeCase),
    });
  }
  expect(models).toHaveLength(Object.keys(Prisma.ModelName).length);
});

test('the relations and indexes that schema.prisma names exist', async () => {
  const order = await shop.prisma.order.findFirstOrThrow({
    include: { user: { include: { sessions: true } }, items: { include: { product: true } } },
  });
  expect(order.items.length).toBeGreaterThan(0);
  expect(order.user.sessions).toHaveLength(1);

  const { rows } = await shop.sql.query(
    `SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'shop'`,
  );
  expect(rows.map((row) => row.name)).toEqual(
    expect.arrayContaining(['products_newest_of_category', 'sessions_of_user', 'orders_of_user']),
  );
});

test('fills the tables with as many rows as asked, orders with their totals', async () => {
  const { prisma, sql } = shop;
  expect({
    categories: await prisma.category.count(),
    products: await prisma.product.count(),
    users: await prisma.user.count(),
    orders: await prisma.order.count(),
  }).toEqual(smallSize);

  const { rowCount } = await sql.query(`
    SELECT FROM orders WHERE total_cents IS DISTINCT FROM
      (SELECT sum(quantity * unit_price_cents) FROM order_items WHERE order_id = orders.id)`);
  expect(rowCount).toBe(0);
});

test('isPublished agrees with the rows, and every category has published products', async () => {
  const { prisma } = shop;
  const products = await prisma.product.findMany({
    select: { id: true, isPublished: true, categoryId: true },
  });
  expect(products.filter((product) => product.isPublished !== isPublished(product.id))).toEqual([]);
  const shelves = new Set(
    products.filter((product) => product.isPublished).map((p) => p.categoryId),
  );
  expect(shelves.size).toBe(smallSize.categories);
});

test('makes the same rows again in another schema, and reports each table', async () => {
  const { sql } = shop;
  const before = await fingerprint();
  const filled: string[] = [];
  await sql.query('CREATE SCHEMA again; SET search_path TO again');
  try {
    await createSchema(sql);
    await fillSchema(sql, { ...smallSize, onProgress: ({ table }) => filled.push(table) });
    expect(await fingerprint()).toEqual(before);
  } finally {
    await sql.query('SET search_path TO shop');
  }
  expect(filled).toEqual(['categories', 'products', 'users', 'sessions', 'orders', 'order_items']);
});

async function fingerprint() {
  const { rows } = await shop.sql.query(`
    SELECT
      (SELECT md5(string_agg(p::text, ',' ORDER BY id)) FROM products p) AS products,
      (SELECT md5(string_agg(s::text, ',' ORDER BY id)) FROM sessions s) AS sessions,
      (SELECT md5(string_agg(i::text, ',' ORDER BY order_id, product_id)) FROM order_items i) AS items`);
  expect(rows[0].products).toMatch(/^\w{32}$/);
  return rows[0];
}

async function columnsOf(table: string): Promise<string[]> {
  const { rows } = await shop.sql.query(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = 'shop' AND table_name = $1 ORDER BY ordinal_position`,
    [table],
  );
  return rows.map((row) => row.name);
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
