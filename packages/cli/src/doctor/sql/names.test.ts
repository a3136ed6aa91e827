import { expect, test } from 'vitest';
import { quoteName, quotePath } from './names.ts';

test.each([
  ['orders', 'orders'],
  ['Order', '"Order"'],
  ['order', '"order"'],
  ['a b', '"a b"'],
  ['a"b', '"a""b"'],
  ['1st', '"1st"'],
])('%s is written %s', (name, written) => {
  expect(quoteName(name)).toBe(written);
});

test.each([
  ['public.orders', 'public.orders'],
  ['public.Order', 'public."Order"'],
  ['public.user', 'public."user"'],
  ['My.a.b', '"My"."a.b"'],
  ['alone', 'alone'],
])('%s is written %s', (path, written) => {
  expect(quotePath(path)).toBe(written);
});
