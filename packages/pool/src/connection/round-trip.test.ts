import { expect, test } from 'vitest';
import { RoundTrip } from './round-trip.ts';

test('the shortest answer counts, and is forgotten slowly', () => {
  const roundTrip = new RoundTrip();
  expect(roundTrip.millis).toBe(0);
  for (const millis of [5, 2, 50]) roundTrip.observe(millis);
  expect(roundTrip.millis).toBeCloseTo(2, 0);
  for (let i = 0; i < 10_000; i++) roundTrip.observe(20);
  expect(roundTrip.millis).toBeCloseTo(20, 1);
  roundTrip.observe(3);
  expect(roundTrip.millis).toBe(3);
});
