import { describe, expect, test } from 'vitest';
import { millis, oneLine, ratio, share, wrap } from './words.ts';

test.each([
  [0, '0.0 ms'],
  [9.94, '9.9 ms'],
  [10, '10 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [3_400, '3.4 s'],
  [61_000, '61.0 s'],
])('%d ms is said as %s', (value, words) => {
  expect(millis(value)).toBe(words);
});

test.each([
  [54, 10, '5.4 ×'],
  [8, 10, '0.8 ×'],
  [99.4, 10, '9.9 ×'],
  [114, 10, '11 ×'],
  [0, 10, '0.0 ×'],
  [0, 0, 'as many'],
  [3, 0, 'from nothing'],
])('%d to %d is %s', (a, b, words) => {
  expect(ratio(a, b)).toBe(words);
});

test.each([
  [0, 0, 'none'],
  [0, 10, 'none'],
  [1, 101, 'less than 1 %'],
  [1, 100, '1 %'],
  [34, 100, '34 %'],
  [999, 1_000, 'more than 99 %'],
  [10, 10, '100 %'],
])('%d of %d is %s', (part, whole, words) => {
  expect(share(part, whole)).toBe(words);
});

describe('wrap', () => {
  test('breaks between words, and fills each line', () => {
    expect(wrap('one two three four', 9)).toBe('one two\nthree\nfour');
    expect(wrap('one two', 7)).toBe('one two');
    expect(wrap('one two', 6)).toBe('one\ntwo');
  });

  test('counts the indent', () => {
    expect(wrap('one two three', 9, '  ')).toBe('  one two\n  three');
  });

  test('keeps a word that is longer than a line', () => {
    expect(wrap('a enormously b', 5)).toBe('a\nenormously\nb');
  });

  test('joins what was broken before', () => {
    expect(wrap('one\n  two', 80)).toBe('one two');
    expect(wrap('', 80)).toBe('');
  });
});

test('oneLine', () => {
  expect(oneLine('one \n  two\r\nthree\n')).toBe('one two three');
});
