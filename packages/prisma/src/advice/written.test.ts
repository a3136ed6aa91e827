import { expect, test } from 'vitest';
import { Code, written } from './written.ts';

test.each<[unknown, string]>([
  [undefined, '…'],
  [{}, '{}'],
  [{ where: { id: 7 } }, '{ where: { id: … } }'],
  [
    { where: { name: 'Ada', isPublished: true, deletedAt: null, at: new Date() }, take: 5 },
    '{ where: { name: …, isPublished: true, deletedAt: null, at: … }, take: 5 }',
  ],
  [
    { orderBy: [{ createdAt: 'desc' }, { id: 'asc' }], select: { id: true } },
    "{ orderBy: [{ createdAt: 'desc' }, { id: 'asc' }], select: { id: true } }",
  ],
  [
    { include: { books: { where: { title: 'secret' }, take: 2 } } },
    '{ include: { books: { where: { title: … }, take: 2 } } }',
  ],
  [{ where: { id: { in: [1, 2, 3] } } }, '{ where: { id: { in: […] } } }'],
  [{ where: { OR: [{ a: 1 }, { b: 2 }] } }, '{ where: { OR: [{ a: … }, …] } }'],
  [{ data: { name: 'Ada', price: 3 } }, '{ data: { name: …, price: … } }'],
  [{ data: [{ name: 'a' }, { name: 'b' }] }, '{ data: [{ name: … }, …] }'],
  [{ where: { id: { in: new Code('ids') } }, take: undefined }, '{ where: { id: { in: ids } } }'],
  [{ cursor: { id: 9 }, skip: 1 }, '{ cursor: { id: … }, skip: 1 }'],
])('%j', (args, text) => {
  expect(written(args)).toBe(text);
});

test('what is large or deep is cut', () => {
  const wide = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, true]));
  expect(written({ select: wide })).toContain('f7: true, … }');
  let deep: object = {};
  for (let i = 0; i < 50; i++) deep = { where: deep };
  expect(written(deep)).toBe('{ where: { where: { where: { where: { where: { … } } } } } }');
});
