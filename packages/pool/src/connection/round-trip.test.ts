import { expect, test } from 'vitest';
import { RoundTrip } from './round-trip.ts';

test('is nothing until it is measured, whatever statements take', () => {
  const roundTrip = new RoundTrip();
  for (let i = 0; i < 100; i++) roundTrip.observe(20);
  expect(roundTrip.millis).toBe(0);
});

test('is the shortest of the last probes', () => {
  const roundTrip = new RoundTrip();
  for (const millis of [5, 2, 50]) roundTrip.probed(millis);
  expect(roundTrip.millis).toBe(2);
  for (let i = 0; i < 5; i++) roundTrip.probed(20);
  expect(roundTrip.millis).toBe(20);
});

test('is no longer than a statement takes, until it is measured anew', () => {
  const roundTrip = new RoundTrip();
  roundTrip.probed(30);
  roundTrip.observe(3);
  expect(roundTrip.millis).toBe(3);
  roundTrip.probed(40);
  expect(roundTrip.millis).toBe(30);
});

test('is to be measured every ten seconds', () => {
  const roundTrip = new RoundTrip();
  expect(roundTrip.isDue(0)).toBe(true);
  roundTrip.asked(0);
  expect([roundTrip.isDue(9_999), roundTrip.isDue(10_000)]).toEqual([false, true]);
});
