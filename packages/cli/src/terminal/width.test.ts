import { expect, test } from 'vitest';
import { widthOf } from './width.ts';

test.each([
  [100, {}, 100],
  [undefined, {}, 80],
  [undefined, { COLUMNS: '120' }, 120],
  [undefined, { COLUMNS: 'wide' }, 80],
  [100, { COLUMNS: '60' }, 100],
  [300, {}, 120],
  [10, {}, 40],
  [0, {}, 80],
])('columns %j, %j: %j', (columns, env, width) => {
  expect(widthOf(columns === undefined ? {} : { columns }, env)).toBe(width);
});
