import { expect, test } from 'vitest';
import { readNumbers } from './numbers.ts';

const table = {
  attempts: { default: 3, min: 1, isWhole: true },
  ratio: { default: 0.2, min: 0, max: 1 },
} as const;

test('what is not given has its default', () => {
  expect(readNumbers({}, table)).toEqual({ attempts: 3, ratio: 0.2 });
  expect(readNumbers({ attempts: undefined, ratio: 0 }, table)).toEqual({ attempts: 3, ratio: 0 });
  const options = { attempts: 2, kind: 'read' };
  expect(readNumbers(options, table)).toEqual({ attempts: 2, ratio: 0.2 });
});

test('Infinity is a number where there is no largest', () => {
  expect(readNumbers({ attempts: Infinity }, table)).toMatchObject({ attempts: Infinity });
});

test.each([
  [{ attempts: 0 }, 'attempts must be a whole number, at least 1; it is 0'],
  [{ attempts: 1.5 }, 'attempts must be a whole number, at least 1; it is 1.5'],
  [{ ratio: 1.1 }, 'ratio must be a number, between 0 and 1; it is 1.1'],
  [{ ratio: Number.NaN }, 'ratio must be a number, between 0 and 1; it is NaN'],
  [{ attempts: '2' as never }, 'attempts must be a whole number, at least 1; it is 2'],
])('refuses %o by name', (options, message) => {
  expect(() => readNumbers(options, table)).toThrow(new RangeError(message));
});
