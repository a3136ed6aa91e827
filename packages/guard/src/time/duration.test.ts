import { expect, test } from 'vitest';
import { toMillis } from './duration.ts';

test.each([
  [0, 0],
  [1500, 1500],
  ['250ms', 250],
  ['60s', 60_000],
  ['5m', 300_000],
  [' 1.5h ', 5_400_000],
  ['2 d', 172_800_000],
])('%j is %d ms', (duration, millis) => {
  expect(toMillis(duration, 'ttl')).toBe(millis);
});

test.each(['60', '', 's', '-5s', '5 weeks', '1h30m', -1, Number.NaN])(
  '%j is refused',
  (duration) => {
    expect(() => toMillis(duration, 'ttl')).toThrow(/^ttl must be milliseconds or a text such as/);
  },
);
