import { expect, test } from 'vitest';
import { readMode } from './mode.ts';

test.each([
  [undefined, 'protect'],
  ['', 'protect'],
  ['protect', 'protect'],
  ['1', 'protect'],
  [' Observe ', 'observe'],
  ['off', 'off'],
  ['0', 'off'],
  ['FALSE', 'off'],
])('LIFEGUARD=%s is %s', (value, mode) => {
  expect(readMode(value)).toEqual({ mode });
});

test('an unknown value is off, and the line about it names the three', () => {
  expect(readMode('observ')).toEqual({
    mode: 'off',
    problem:
      'LIFEGUARD=observ is not known, so every pool stays as it is: give protect, observe or off',
  });
});

test('what may be a secret in the wrong place is not repeated', () => {
  const { problem } = readMode('postgresql://me:hunter2@db/shop');
  expect(problem).toMatch(/^the value of LIFEGUARD is not known/);
});
