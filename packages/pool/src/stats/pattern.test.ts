import { expect, test } from 'vitest';
import { patternOf } from './pattern.ts';

const NOTHING = {
  sent: 0,
  underWay: 0,
  peak: 0,
  busyMillis: 0,
  inCheckout: false,
  quietUntil: 0,
};

test.each([
  ['five under way', { sent: 5, underWay: 5, peak: 5 }, 'at-once'],
  ['four under way', { sent: 4, underWay: 4, peak: 4, busyMillis: 500 }, undefined],
  [
    'five in turn that took long enough',
    { sent: 5, underWay: 1, peak: 1, busyMillis: 50 },
    'in-turn',
  ],
  ['five in turn that took no time', { sent: 5, underWay: 1, peak: 1, busyMillis: 49 }, undefined],
  ['four in turn', { sent: 4, underWay: 1, peak: 1, busyMillis: 900 }, undefined],
  ['very many in turn', { sent: 20, underWay: 1, peak: 1, busyMillis: 3 }, 'in-turn'],
  ['three at a time', { sent: 30, underWay: 3, peak: 3, busyMillis: 60 }, 'in-turn'],
  ['what was at once before', { sent: 30, underWay: 1, peak: 9, busyMillis: 60 }, undefined],
  ['at once on one connection', { sent: 30, underWay: 30, peak: 30, inCheckout: true }, 'in-turn'],
  [
    'not looked at again yet',
    { sent: 9, underWay: 1, peak: 1, busyMillis: 90, quietUntil: 10 },
    undefined,
  ],
] as const)('%s', (_, counted, pattern) => {
  expect(patternOf({ ...NOTHING, ...counted })).toBe(pattern);
});
