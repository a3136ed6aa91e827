import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from './app.ts';
import { createStockClient } from './clients/stock.ts';
import { sessionToken } from './incidents.ts';
import { slowPayment } from './payment.ts';
import { openShop, type TestShop } from './testing/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.close());

const payment = slowPayment({ latencyMillis: 0 });

describe.each([{ repaired: false }, { repaired: true }])('repaired: $repaired', ({ repaired }) => {
  const app = () => createApp({ ...shop, payment, repaired });

  test('GET / is a page, GET /api/home the same as JSON', async () => {
    const { categories } = await json(await app().request('/api/home'), 200);
    const page = await app().request('/');
    expect(page.headers.get('content-type')).toMatch('text/html');
    const text = await page.text();
    for (const { name, products } of categories) {
      expect(text).toContain(`<h2>${name}</h2>`);
      for (const product of products) expect(text).toContain(`/api/products/${product.id}"`);
    }
    expect(text).not.toMatch(/(src|href)="http/);
  });

  test('GET /api/products/:id is a product with its category', async () => {
    const product = await json(await app().request('/api/products/7'), 200);
    expect(product).toMatchObject({
      id: 7,
      isPublished: true,
      category: { id: product.categoryId },
    });
  });

  test.each(['20', '99999', '0', 'x', '1e2', '99999999999'])(
    'there is no product %s',
    async (id) => {
      const body = await json(await app().request(`/api/products/${id}`), 404);
      expect(body).toEqual({ error: 'not-found', message: `There is no product ${id}.` });
    },
  );

  test('GET /api/account is whoever the cookie says', async () => {
    const cookie = `session=${sessionToken(2)}`;
    const account = await app().request('/api/account', { headers: { cookie } });
    expect(await json(account, 200)).toEqual({ name: 'Shopper 2', email: 'shopper2@example.com' });
    for (const headers of [undefined, { cookie: 'session=stolen' }]) {
      const refused = await app().request('/api/account', headers && { headers });
      expect(await json(refused, 401)).toEqual({
        error: 'not-signed-in',
        message: 'Sign in first.',
      });
    }
  });

  test('GET /api/orders lists the newest orders', async () => {
    const { orders } = await json(await app().request('/api/orders'), 200);
    expect(orders[0]).toMatchObject({
      status: 'paid',
      customer: expect.stringContaining('Shopper'),
    });
  });

  test('POST /api/checkout sells', async () => {
    const items = [{ productId: 7, quantity: 2 }];
    const receipt = await json(await post(app(), { userId: 1, items }), 201);
    expect(receipt).toMatchObject({ status: 'paid' });
    const order = await shop.prisma.order.findUniqueOrThrow({ where: { id: receipt.orderId } });
    expect(order).toMatchObject({ userId: 1, status: 'paid', totalCents: receipt.totalCents });
  });

  test('POST /api/checkout answers 400, 402 and 409', async () => {
    const items = [{ productId: 8, quantity: 1 }];
    const declined = slowPayment({ latencyMillis: 0, declines: () => true });
    const poor = createApp({ ...shop, payment: declined, repaired });
    const broken = await app().request('/api/checkout', { method: 'POST', body: '{' });

    expect(await json(broken, 400)).toEqual({
      error: 'bad-request',
      message: 'The body must be JSON.',
    });
    expect(await json(await post(app(), { items }), 400)).toMatchObject({ error: 'bad-request' });
    expect(await json(await post(poor, { userId: 1, items }), 402)).toMatchObject({
      error: 'payment-declined',
    });
    expect(await json(await post(app(), { userId: 999, items }), 409)).toEqual({
      error: 'P2003',
      message: 'The user or product does not exist.',
    });
  });
});

test('without its database the shop lives, answers 503 and names no file', async () => {
  const { prisma, close } = createStockClient('postgresql://shop@127.0.0.1:1/shop');
  const app = createApp({ prisma, payment });
  expect(await json(await app.request('/healthz'), 200)).toEqual({ status: 'pass' });
  expect(await json(await app.request('/api/products/1'), 503)).toEqual({
    error: 'P1001',
    message: "Can't reach database server at 127.0.0.1:1",
  });
  await close();
});

test('a pool that is taken for longer than pool_timeout is a 503', async () => {
  const { prisma, close } = createStockClient(
    shop.server.url({ schema: 'shop', connection_limit: 1, pool_timeout: 1 }),
  );
  const app = createApp({ prisma, payment });
  await prisma.$transaction(async () => {
    expect(await json(await app.request('/api/products/1'), 503)).toEqual({
      error: 'connection',
      message: 'timeout exceeded when trying to connect',
    });
  });
  await close();
});

test('an address that is not served is a 404', async () => {
  const app = createApp({ prisma: shop.prisma, payment });
  expect(await json(await app.request('/api/nothing'), 404)).toEqual({
    error: 'not-found',
    message: 'There is no /api/nothing.',
  });
});

function post(app: ReturnType<typeof createApp>, body: unknown) {
  return app.request('/api/checkout', { method: 'POST', body: JSON.stringify(body) });
}

async function json(response: Response, status: number) {
  const body = JSON.parse(await response.text());
  expect({ status: response.status, body }).toEqual({ status, body });
  return body;
}
