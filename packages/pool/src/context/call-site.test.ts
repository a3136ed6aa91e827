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

test.each([
  ['webpack-internal:///(rsc)/./src/lib/user.ts:12:34', 'getUser (lib/user.ts:12:34)'],
  ['file:///srv/My Projects/app/user.js:3:1', 'getUser (app/user.js:3:1)'],
  ['C:\\work\\app\\user.js:3:1', 'getUser (app/user.js:3:1)'],
])('a location such as %s', (location, site) => {
  expect(siteOf(`Error\n    at getUser (${location})`)).toBe(site);
});

test.each([
  ['Object.<anonymous>', 'app/a.js:1:2'],
  ['eval', 'app/a.js:1:2'],
  ['routes.get.handlers.select', 'app/a.js:1:2'],
  ['Module.load', 'load (app/a.js:1:2)'],
  ['Orders.place [as run]', 'Orders.place (app/a.js:1:2)'],
])('a function that V8 calls %s', (name, site) => {
  expect(siteOf(`Error\n    at ${name} (/srv/app/a.js:1:2)`)).toBe(site);
});

test('nothing but the way to the database', () => {
  expect(siteOf('Error\n    at a (/x/node_modules/pg/lib/client.js:1:1)')).toBeUndefined();
});

test('a library that asks by itself', () => {
  const stack = `Error
    at Proxy.then (/x/node_modules/@lifeguard/prisma/dist/faces/promise.js:1:1)
    at getSession (/x/node_modules/@auth/prisma-adapter/index.js:40:9)`;
  expect(siteOf(stack)).toBe('getSession (prisma-adapter/index.js:40:9)');
});

test('frames inwards of a function are left out, and no more are kept than asked for', () => {
  function inner() {
    return new CallSite(inner, 1);
  }
  function outer() {
    return inner();
  }
  expect(`${outer()}`).toMatch(/^outer \(/);
  expect(outer().stack.split('\n')).toHaveLength(1);
});

test('is where it was made', () => {
  const here = `${new CallSite()}`;
  expect(here).toMatch(/call-site\.test\.ts:\d+:\d+/);
});
