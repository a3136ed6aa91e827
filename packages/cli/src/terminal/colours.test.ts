import { expect, test } from 'vitest';
import { coloursOf } from './colours.ts';

test.each([
  [true, {}, true],
  [false, {}, false],
  [false, { CI: 'true' }, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
])('on a terminal: %j, %j: %j', (isTTY, env, coloured) => {
  expect(coloursOf({ isTTY }, env).isColorSupported).toBe(coloured);
  expect(coloursOf({ isTTY }, env).red('x') === 'x').toBe(!coloured);
});
