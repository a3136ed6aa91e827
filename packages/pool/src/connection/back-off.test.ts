import { expect, test } from 'vitest';
import { BackOff } from './back-off.ts';

const take = (backOff: BackOff, count: number) =>
  Array.from({ length: count }, () => backOff.next());

test('doubles up to half a second', () => {
  expect(take(new BackOff(() => 1), 9)).toEqual([10, 20, 40, 80, 160, 320, 500, 500, 500]);
});

test('half of it is jitter', () => {
  expect(take(new BackOff(() => 0), 3)).toEqual([5, 10, 20]);
});

test('begins anew after a success, and never overflows', () => {
  const backOff = new BackOff(() => 1);
  expect(take(backOff, 2_000).at(-1)).toBe(500);
  backOff.reset();
  expect(backOff.next()).toBe(10);
});
