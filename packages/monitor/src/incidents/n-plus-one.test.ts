import { expect, test } from 'vitest';
import { madeUpStats, nPlusOne } from '../testing/pool-stats.ts';
import { detectNPlusOnes } from './n-plus-one.ts';

test('no loops, no incident', () => {
  expect(detectNPlusOnes(madeUpStats())).toEqual([]);
});

test('names the route, the place, what it goes over, and what to write', () => {
  const found = nPlusOne({
    site: 'list (orders.ts:9:3)',
    after: 'Order.findMany at list (orders.ts:7:3)',
    call: 'prisma.product.findUnique({ where: { id: … } })',
    rewrite: 'Write `prisma.product.findMany(…)` before the loop.',
  });
  expect(detectNPlusOnes(madeUpStats({ nPlusOnes: [found] }))).toEqual([
    {
      kind: 'n-plus-one',
      title: 'GET /api/orders calls Product.findUnique up to 50 times, one after the other',
      evidence: [
        'seen in 4 requests: 200 statements, 800 ms of waiting for them, 4.0 ms each',
        'called at list (orders.ts:9:3)',
        'after Order.findMany at list (orders.ts:7:3)',
        'the call: prisma.product.findUnique({ where: { id: … } })',
        'statement: SELECT * FROM products WHERE id = $1',
      ],
      cause: expect.stringContaining('about 200 ms of each such request'),
      remedy: 'Write `prisma.product.findMany(…)` before the loop.',
      weight: 800,
      route: 'GET /api/orders',
      owner: 'Product.findUnique',
      site: 'list (orders.ts:9:3)',
      statement: 'SELECT * FROM products WHERE id = $1',
    },
  ]);
});

test('of a transaction it says that a connection is held', () => {
  const found = nPlusOne({ route: 'one transaction', inCheckout: true, requests: 1 });
  const [incident] = detectNPlusOnes(madeUpStats({ nPlusOnes: [found] }));
  expect(incident?.evidence[0]).toContain('seen in 1 transaction:');
  expect(incident?.cause).toContain('A connection is held for all 50 of them.');
  expect(incident?.remedy).toContain('Ask once for all of them before the loop');
});
