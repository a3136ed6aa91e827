import { expect, test } from 'vitest';
import { Histogram } from './histogram.ts';
import { statsOf } from './stats-of.ts';

test('what is known stands, the rest is nothing', () => {
  const stats = statsOf({ connections: { max: 5 }, wait: { p99Millis: 7 }, pending: 2 });
  expect(stats.connections).toMatchObject({ max: 5, total: 0 });
  expect(stats.wait).toEqual({ ...new Histogram().summary(), p99Millis: 7 });
  expect(stats.pending).toBe(2);
  expect(new Set(Object.values(stats.counts))).toEqual(new Set([0]));
  expect(stats.holders).toEqual([]);
});
