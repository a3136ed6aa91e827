import { expect, test } from 'vitest';
import { CallSite, siteOf } from './call-site.ts';

test('the innermost frame of the application’s own', () => {
  const stack = `Error: call site
    at LifeguardPool.connect (file:///app/node_modules/@lifeguard/pool/dist/pool.js:10:5)
    at new Promise (<anonymous>)
    at node:internal/process/task_queues:95:5
    at async placeOrder (file:///app/shop/src/orders/place.ts:12:3)
    at async handler (/app/shop/src/server.js:40:9)`;
  expect(siteOf(stack)).toBe('placeOrder (orders/place.ts:12:3)');
});

test('a frame without a name', () => {
  expect(siteOf('Error\n    at /srv/app/jobs/nightly.js:3:1')).toBe('jobs/nightly.js:3:1');
});

test('nothing but libraries', () => {
  expect(siteOf('Error\n    at a (/x/node_modules/pg/lib/client.js:1:1)')).toBeUndefined();
});

test('is where it was made', () => {
  const here = `${new CallSite()}`;
  expect(here).toMatch(/call-site\.test\.ts:\d+:\d+/);
});
