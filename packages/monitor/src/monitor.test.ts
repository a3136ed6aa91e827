import { Pool, RequestScope, withOwner, withRequest } from '@lifeguard/pool';
import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { assessHealth, findIncidents } from './index.ts';

let server: PostgresServer;
let pool: Pool;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop('immediate'));
beforeEach(() => {
  pool = new Pool({ connectionString: server.url(), max: 2 });
});
afterEach(() => pool.end());

test('a pool that serves its callers in turn has no incident', async () => {
  for (let i = 0; i < 20; i++) await pool.query('SELECT 1');
  expect(findIncidents(pool.stats())).toEqual([]);
  expect(assessHealth(pool.stats(), 1).status).toBe('pass');
});

test('a request that sends a statement for each of a list is named', async () => {
  await withRequest(new RequestScope('GET /x'), () =>
    withOwner('Product.findMany', () =>
      Promise.all(
        Array.from({ length: 20 }, (_, i) => pool.query('SELECT $1::int AS category', [i])),
      ),
    ),
  );
  expect(findIncidents(pool.stats())).toMatchObject([
    {
      kind: 'fan-out',
      title: 'GET /x sends up to 20 × Product.findMany at once',
      evidence: [
        'seen in 1 request; the pool may open 2 connections',
        'statement: SELECT $1::int AS category',
      ],
    },
  ]);
});

test('a transaction that waits for something else is named, while it does and afterwards', async () => {
  let paid = () => {};
  const payment = new Promise<void>((resolve) => {
    paid = resolve;
  });
  const checkout = withOwner('Order.create', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await payment;
    await client.query('COMMIT');
    client.release();
  });
  try {
    await expect.poll(() => pool.stats().holders[0]?.idleMillis).toBeGreaterThan(60);
    const [now, ...others] = findIncidents(pool.stats());
    expect(now?.kind).toBe('idle-in-transaction');
    expect(now?.title).toMatch(/^Order\.create holds a connection for \d/);
    expect(now?.evidence[0]).toContain('(seen once)');
    expect(others).toEqual([]);
  } finally {
    paid();
    await checkout;
  }
  expect(pool.stats().holders).toEqual([]);
  const [afterwards] = findIncidents(pool.stats());
  expect(afterwards?.kind).toBe('idle-in-transaction');
  expect(afterwards?.evidence[0]).toContain('(seen once)');
});
