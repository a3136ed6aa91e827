import { Hono, type HonoRequest } from 'hono';
import { getCookie } from 'hono/cookie';
import { parseCart } from './cart.ts';
import type { StoreClient, StorePrisma } from './clients/client.ts';
import { toFailure } from './failure.ts';
import { renderHomepage } from './page.ts';
import type { PaymentGateway } from './payment.ts';
import { notSignedIn, Refusal } from './refusal.ts';
import { sessions as repairedSessions } from './routes/account.repaired.ts';
import { sessions as naiveSessions } from './routes/account.ts';
import { checkout as repairedCheckout } from './routes/checkout.repaired.ts';
import { checkout as naiveCheckout } from './routes/checkout.ts';
import { homepage as repairedHomepage } from './routes/homepage.repaired.ts';
import { homepage as naiveHomepage } from './routes/homepage.ts';
import { orderList as repairedOrderList } from './routes/orders.repaired.ts';
import { orderList as naiveOrderList } from './routes/orders.ts';
import { productPages as repairedProductPages } from './routes/product.repaired.ts';
import { productPages as naiveProductPages } from './routes/product.ts';

export interface AppOptions {
  prisma: StorePrisma;
  /** The same client, as Lifeguard has extended it: the repaired routes need it. */
  guarded?: StoreClient['guarded'];
  payment: PaymentGateway;
  /** Shows the pool, at /lifeguard. */
  dashboard?: StoreClient['dashboard'] | undefined;
  /** Serves the repaired routes instead of those that exhaust the pool (default false). */
  repaired?: boolean;
}

/** The shop as an HTTP application; it neither listens nor owns the client that it is given. */
export function createApp({
  prisma,
  guarded,
  payment,
  dashboard,
  repaired = false,
}: AppOptions): Hono {
  if (repaired && !guarded) throw new Error('the repaired routes need a client of Lifeguard');
  const homepage = () => (repaired && guarded ? repairedHomepage(guarded) : naiveHomepage(prisma));
  const checkout = repaired ? repairedCheckout : naiveCheckout;
  const orderList = repaired ? repairedOrderList : naiveOrderList;
  const showProduct = (repaired ? repairedProductPages : naiveProductPages)(prisma);
  const authenticate = (repaired ? repairedSessions : naiveSessions)(prisma);
  const app = new Hono();

  // Liveness: whether this process answers. It asks nothing of the pool, or a full pool would get the process restarted.
  app.get('/healthz', (c) => c.json({ status: 'pass' }));

  app.get('/', async (c) => c.html(renderHomepage(await homepage())));
  app.get('/api/home', async (c) => c.json({ categories: await homepage() }));
  app.get('/api/products/:id', async (c) => {
    const { product, cacheStatus } = await showProduct(c.req.param('id'));
    if (cacheStatus) c.header('cache-status', cacheStatus);
    return c.json(product);
  });
  app.get('/api/account', async (c) => {
    const token = getCookie(c, 'session');
    if (!token) throw notSignedIn();
    return c.json(await authenticate(token));
  });
  app.get('/api/orders', async (c) => c.json({ orders: await orderList(prisma) }));
  app.post('/api/checkout', async (c) => {
    const cart = parseCart(await readJson(c.req));
    return c.json(await checkout(prisma, payment, cart), 201);
  });

  if (dashboard) app.mount('/lifeguard', dashboard.fetch);

  app.notFound((c) => c.json({ error: 'not-found', message: `There is no ${c.req.path}.` }, 404));
  app.onError((thrown, c) => {
    const { status, error, message } = toFailure(thrown);
    if (status === 500) console.error(thrown);
    return c.json({ error, message }, status);
  });
  return app;
}

async function readJson(request: HonoRequest): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    throw new Refusal('bad-request', 'The body must be JSON.');
  }
}
