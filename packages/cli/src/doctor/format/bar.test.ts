import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bar } from './bar.ts';

test('shares the width', () => {
  expect(
    bar(
      [
        { size: 50, glyph: 'a' },
        { size: 30, glyph: 'b' },
        { size: 20, glyph: 'c' },
      ],
      10,
    ),
  ).toBe('aaaaabbbcc');
});

test('what there is has a cell, what is not has none', () => {
  expect(
    bar(
      [
        { size: 1, glyph: 'a' },
        { size: 0, glyph: 'b' },
        { size: 999, glyph: 'c' },
      ],
      10,
    ),
  ).toBe('accccccccc');
  expect(bar([], 10)).toBe('');
});

test('always exactly as wide as it may be', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(100_000), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 10, max: 120 }),
      (sizes, width) => {
        const line = bar(
          sizes.map((size, index) => ({ size, glyph: String(index) })),
          width,
        );
        expect(line).toHaveLength(sizes.some((size) => size > 0) ? width : 0);
      },
    ),
  );
});
