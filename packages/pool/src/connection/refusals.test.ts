import { expect, test } from 'vitest';
import { isWorthWaiting } from './refusals.ts';

test.each([
  ['53300', true],
  ['53400', true],
  ['57P03', true],
  ['28P01', false],
  ['3D000', false],
  ['ECONNREFUSED', false],
  [undefined, false],
])('%s: %s', (code, expected) => {
  expect(isWorthWaiting(Object.assign(new Error('refused'), { code }))).toBe(expected);
});
