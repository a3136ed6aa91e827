import { describe, expect, test } from 'vitest';
import {
  bytes,
  cut,
  duration,
  grouped,
  millis,
  oneLine,
  plural,
  ratio,
  share,
  wrap,
} from './words.ts';

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
    expect(wrap('rows: 267 977 in 12 345 678', 10)).toBe('rows:\n267 977 in\n12 345 678');
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

test('wrap: colours take no room, and a hanging indent begins with the second line', () => {
  expect(wrap('\u001b[1mone\u001b[22m two three', 11, '· ', '  ')).toBe(
    '· \u001b[1mone\u001b[22m two\n  three',
  );
});

test.each([
  ['abcdef', 6, 'abcdef', 'abcdef'],
  ['abcdef', 5, 'abcd…', 'ab…ef'],
  ['abcdef', 4, 'abc…', 'ab…f'],
  ['abcdef', 1, '…', '…'],
])('cut %s to %d', (text, width, end, middle) => {
  expect([cut(text, width), cut(text, width, 'middle')]).toEqual([end, middle]);
});

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1 000'],
  [1_234_567.8, '1 234 568'],
])('%d grouped', (value, words) => {
  expect(grouped(value)).toBe(words);
});

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [8_192, '8.0 KB'],
  [10_240, '10 KB'],
  [1_288_490_189, '1.2 GB'],
])('%d bytes', (value, words) => {
  expect(bytes(value)).toBe(words);
});

test.each([
  [0.005, '5.0 ms'],
  [3, '3.0 s'],
  [45, '45 s'],
  [119, '119 s'],
  [121, '2 min'],
  [7_300, '2 h'],
  [700_000, '8 days'],
])('%d s', (value, words) => {
  expect(duration(value)).toBe(words);
});

test('plural', () => {
  expect([
    plural(1, 'entry', 'entries'),
    plural(2, 'entry', 'entries'),
    plural(1_000, 'row'),
  ]).toEqual(['1 entry', '2 entries', '1 000 rows']);
});
