import { expect, test } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

const known = ['unused-index', 'idle-in-transaction', 'bloat'];

test.each([
  ['unusd-index', 'unused-index'],
  ['Unused-Index', 'unused-index'],
  ['idle-in-transactions', 'idle-in-transaction'],
  ['blot', 'bloat'],
  ['something-else', undefined],
])('%s: %s', (name, meant) => {
  expect(nearest(name, known)).toBe(meant);
});

test('didYouMean', () => {
  expect(didYouMean('blot', known)).toBe('; did you mean bloat?');
  expect(didYouMean('zzzzzzzz', known)).toBe('');
  expect(nearest('x', [])).toBeUndefined();
});
