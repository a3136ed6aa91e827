import { expect, test } from 'vitest';
import { parseCart } from './cart.ts';
import { isPublished } from './database/size.ts';
import { incidents, sessionToken } from './incidents.ts';
import { smallSize } from './testing/shop.ts';

test('the names of incidents and of their streams are unique', () => {
  const names = incidents.map((incident) => incident.name);
  expect(new Set(names).size).toBe(names.length);
  for (const { streams } of incidents) {
    expect(new Set(streams.map((stream) => stream.name)).size).toBe(streams.length);
  }
});

const tokens = Array.from({ length: smallSize.users }, (_, i) => sessionToken(i + 1));

test.each([0, 0.0379, 0.5, 1 - 2 ** -53])('random %d asks for what the shop sells', (number) => {
  const context = { random: () => number, size: smallSize };
  for (const stream of incidents.flatMap((incident) => incident.streams)) {
    const id = stream.path(context).match(/\/api\/products\/(\d+)$/)?.[1];
    if (id !== undefined) expectSold(Number(id));
    const cookie = stream.headers?.(context).cookie;
    if (cookie !== undefined) expect(tokens).toContain(cookie.replace('session=', ''));
    if (stream.method === 'GET') continue;
    const cart = parseCart(stream.body?.(context));
    expect(cart.userId).toBeLessThanOrEqual(smallSize.users);
    for (const item of cart.items) expectSold(item.productId);
  }
});

function expectSold(id: number): void {
  expect(id).toBeGreaterThanOrEqual(1);
  expect(id).toBeLessThanOrEqual(smallSize.products);
  expect(isPublished(id)).toBe(true);
}
