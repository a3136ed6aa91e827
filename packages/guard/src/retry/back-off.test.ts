import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fullJitter } from './back-off.ts';

const pace = { baseMillis: 50, maxMillis: 1_000 };

test('its bound doubles with each failure, up to the longest', () => {
  const bounds = [1, 2, 3, 4, 5, 6, 2_000].map((attempt) => fullJitter(attempt, pace, 1));
  expect(bounds).toEqual([50, 100, 200, 400, 800, 1_000, 1_000]);
});

test('all of it is jitter', () => {
  expect(fullJitter(3, pace, 0)).toBe(0);
  expect(fullJitter(3, pace, 0.25)).toBe(50);
});

test('never negative, never beyond the longest', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      random,
      fc.nat(),
      fc.nat(),
      (n, r, base, max) => {
        const millis = fullJitter(n, { baseMillis: base, maxMillis: max }, r);
        expect(millis).toBeGreaterThanOrEqual(0);
        expect(millis).toBeLessThanOrEqual(max);
      },
    ),
  );
});
