import { type FaultProxy, startFaultProxy } from '@lifeguard/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import type { Pool } from './index.ts';
import { useTestPools } from './testing/test-pools.ts';

/**
 * A server behind a network that swallows everything, and nobody has set any limit (record 0011). The pool's
 * minute is made short here; the sockets, pg and the server are real.
 */
vi.mock('./clock.ts', async () => {
  const { hastyClock } = await import('./testing/hasty-clock.ts');
  return { systemClock: hastyClock(20) };
});

const MAX = 3;
const GONE = 'Connection terminated: the server has gone silent';

const pools = useTestPools();
const proxies: FaultProxy[] = [];

afterEach(() => {
  for (const proxy of proxies.splice(0)) proxy.close();
});

async function openBehindProxy() {
  const proxy = await startFaultProxy({ target: pools.server });
  proxies.push(proxy);
  const pool = pools.open({
    connectionString: proxy.url(pools.server.url()),
    max: MAX,
    // All of them can be lent, so that it shows when one is lost.
    reserveShared: false,
    connectionTimeoutMillis: 0,
    // By pg's own timer.
    connectTimeoutMillis: 200,
  });
  return { pool, proxy };
}

/** All connections of the pool at once: none is lost. */
async function workOnAll(pool: Pool): Promise<void> {
  const asked = Array.from({ length: MAX }, () => pool.connect());
  const clients = await Promise.all(asked);
  await Promise.all(clients.map((client) => client.query('SELECT 1')));
  for (const client of clients) client.release();
  expect(pool.stats().connections).toMatchObject({ total: MAX, checkedOut: 0 });
}

const messageOf = ({ message, outcome }: Error & { outcome?: string }) => `${message}: ${outcome}`;

test('whoever waits for an answer is told, and the pool is back with the network', async () => {
  const { pool, proxy } = await openBehindProxy();
  await pools.admin('CREATE TABLE swallowed (n int)');
  await pool.prewarm(MAX);
  const [first, second] = await Promise.all([pool.connect(), pool.connect()]);
  for (const client of [first, second]) {
    await client.query('BEGIN');
    await client.query('INSERT INTO swallowed VALUES (1)');
  }
  proxy.blackHole();
  const told = await Promise.all([
    pool.query('INSERT INTO swallowed VALUES (2)').catch(messageOf),
    first.query('INSERT INTO swallowed VALUES (3)').catch(messageOf),
    second.query('COMMIT').catch(messageOf),
  ]);
  expect(told).toEqual(Array(3).fill(`${GONE}: unknown`));
  first.release();
  second.release();
  await proxy.heal();
  await workOnAll(pool);
  const { rows } = await pools.admin('SELECT n FROM swallowed');
  expect(rows).toEqual([]);
});
