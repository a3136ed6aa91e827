import { expect, test } from 'vitest';
import { layOut, remedyParts } from './remedy-parts.ts';

test('code to paste stands by itself, a property a line', () => {
  expect(
    remedyParts(
      "In place of the calls at once write `prisma.product.findManyGrouped({ by: 'categoryId', in: categoryIds, take: 8, where: { isPublished: true } })`: one statement; `.get(categoryId)` has the rows.",
      50,
    ),
  ).toEqual([
    { type: 'prose', text: 'In place of the calls at once write' },
    {
      type: 'code',
      text: `prisma.product.findManyGrouped({
  by: 'categoryId',
  in: categoryIds,
  take: 8,
  where: { isPublished: true },
})`,
    },
    { type: 'prose', text: 'One statement; `.get(categoryId)` has the rows.' },
  ]);
});

test('short code, and what stands in parentheses, stays in its sentence', () => {
  const remedy =
    'Raise `maxWaiting`, or keep the answers (`cacheStrategy: { ttl: 10, staleOnError: 3600, swr: 60 }`).';
  expect(remedyParts(remedy, 50)).toEqual([{ type: 'prose', text: remedy }]);
});

test.each([
  ['f({ a: 1 })', 'f({ a: 1 })'],
  [
    'prisma.orderItem.findMany({ where: { orderId: { in: orderIds } } })',
    'prisma.orderItem.findMany({\n  where: { orderId: { in: orderIds } },\n})',
  ],
  [
    "const sessions = db.session({ validate: ({ id }) => lookUp(id), every: '60s' })",
    "const sessions = db.session({\n  validate: ({ id }) => lookUp(id),\n  every: '60s',\n})",
  ],
  [
    'SELECT pg_drop_replication_slot(slot_name) FROM slots',
    'SELECT pg_drop_replication_slot(slot_name) FROM slots',
  ],
  ['a bracket that never ends is left as it is: f({ a: 1', undefined],
])('%s', (code, laidOut) => {
  expect(layOut(code, 50)).toBe(laidOut ?? code);
});

test('what has no room in a narrower line is broken again', () => {
  const code = "f({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: 8 })";
  expect(layOut(code, 52)).toBe(
    "f({\n  orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],\n  take: 8,\n})",
  );
  expect(layOut(code, 38)).toBe(
    "f({\n  orderBy: [\n    { createdAt: 'desc' },\n    { id: 'desc' },\n  ],\n  take: 8,\n})",
  );
});
