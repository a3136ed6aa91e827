import { expect, test } from 'vitest';
import { freshnessAt, lifetimeOf } from './freshness.ts';

const windows = { ttlMillis: 10, swrMillis: 20, staleOnErrorMillis: 100 };

test.each([
  [0, 'fresh'],
  [9, 'fresh'],
  [10, 'stale'],
  [29, 'stale'],
  [30, 'kept'],
  [109, 'kept'],
  [110, 'gone'],
])('after %d ms an entry is %s', (age, freshness) => {
  expect(freshnessAt(age, windows)).toBe(freshness);
});

test('an entry lives as long as it is good for anything', () => {
  expect(lifetimeOf(windows)).toBe(110);
  expect(lifetimeOf({ ...windows, staleOnErrorMillis: 0 })).toBe(30);
  expect(freshnessAt(10, { ttlMillis: 10, swrMillis: 0, staleOnErrorMillis: 0 })).toBe('gone');
});
