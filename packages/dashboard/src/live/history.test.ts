import { expect, test } from 'vitest';
import type { SeriesSlice } from '../wire.ts';
import { join, NO_HISTORY } from './history.ts';

const slice = (last: number, pending: (number | null)[], pool = 'main') => ({
  last,
  at: pending.map((_, i) => (last - pending.length + 1 + i) * 1_000),
  // One column stands for all.
  pools: { [pool]: { pending } } as unknown as SeriesSlice['pools'],
});

test('begins with what there is', () => {
  expect(join(NO_HISTORY, slice(7, [6, 7]), true)).toEqual({
    last: 7,
    at: [6, 7],
    pools: { main: { pending: [6, 7] } },
  });
});

test('goes on where it ended', () => {
  const history = join(join(NO_HISTORY, slice(7, [6, 7]), true), slice(9, [8, 9]), true);
  expect(history).toEqual({
    last: 9,
    at: [6, 7, 8, 9],
    pools: { main: { pending: [6, 7, 8, 9] } },
  });
});

test('begins anew where rows are missing, or with another process', () => {
  const history = join(NO_HISTORY, slice(2, [1, 2]), true);
  expect(join(history, slice(9, [8, 9]), true).at).toEqual([8, 9]);
  expect(join(history, slice(4, [3, 4]), false).at).toEqual([3, 4]);
});

test('keeps 15 minutes', () => {
  const long = join(NO_HISTORY, slice(900, Array<number>(900).fill(0)), true);
  const history = join(long, slice(901, [1]), true);
  expect(history.at).toHaveLength(900);
  expect(history.pools.main?.pending?.at(-1)).toBe(1);
});

test('has a gap before a pool that came later', () => {
  const history = join(join(NO_HISTORY, slice(2, [1, 2]), true), slice(3, [3], 'late'), true);
  expect(history.pools).toEqual({ late: { pending: [null, null, 3] } });
});
