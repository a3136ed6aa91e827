import { expect, test } from 'vitest';
import { parseCart } from './cart.ts';

test('merges a product that is named twice, and orders by id', () => {
  const items = [
    { productId: 9, quantity: 1 },
    { productId: 4, quantity: 2 },
    { productId: 9, quantity: 3 },
  ];
  expect(parseCart({ userId: 1, items })).toEqual({
    userId: 1,
    items: [
      { productId: 4, quantity: 2 },
      { productId: 9, quantity: 4 },
    ],
  });
});

const item = { productId: 1, quantity: 1 };

test.each([
  [undefined, 'The body must be a JSON object.'],
  [[item], 'The body must be a JSON object.'],
  [{ userId: 1 }, 'items must be an array of 1 to 50 items, each { productId, quantity }.'],
  [{ userId: 1, items: [] }, 'items must be an array of 1 to 50 items'],
  [{ userId: 1, items: Array(51).fill(item) }, 'items must be an array of 1 to 50 items'],
  [{ userId: 1, items: [null] }, 'items[0] must be a JSON object.'],
  [{ userId: '1', items: [item] }, 'userId must be a whole number from 1 to 2147483647.'],
  [{ userId: 2 ** 31, items: [item] }, 'userId must be a whole number'],
  [{ userId: 1, items: [item, { quantity: 1 }] }, 'items[1].productId must be a whole number'],
  [{ userId: 1, items: [{ productId: 1, quantity: 0 }] }, 'items[0].quantity must be a whole'],
  [{ userId: 1, items: [{ productId: 1, quantity: 1.5 }] }, 'items[0].quantity must be a whole'],
  [{ userId: 1, items: [{ productId: 1, quantity: 101 }] }, 'number from 1 to 100.'],
])('refuses %j', (body, message) => {
  expect(() => parseCart(body)).toThrow(message);
});

test('each is a bad request', () => {
  expect(() => parseCart(null)).toThrow(expect.objectContaining({ code: 'bad-request' }));
});
