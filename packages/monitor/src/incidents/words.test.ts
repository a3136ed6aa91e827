import { expect, test } from 'vitest';
import { count, duration, frequency, percent, times } from './words.ts';

test.each([
  [0, '0.0 ms'],
  [9.94, '9.9 ms'],
  [10, '10 ms'],
  [340.4, '340 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [2_140, '2.1 s'],
  [119_900, '119.9 s'],
  [120_000, '2 min'],
  [200_000, '3 min'],
])('%d ms is said as %s', (millis, words) => {
  expect(duration(millis)).toBe(words);
});

test.each([
  [15.6, '16 a second'],
  [1, '1 a second'],
  [0.5, '30 a minute'],
  [5 / 600, '0.5 a minute'],
])('%d a second is said as %s', (perSecond, words) => {
  expect(frequency(perSecond)).toBe(words);
});

test('one is not said as many', () => {
  expect([times(1), times(2)]).toEqual(['once', '2 times']);
  expect([count(1, 'request'), count(2, 'request')]).toEqual(['1 request', '2 requests']);
  expect(percent(0.964)).toBe('96 %');
});
