import { expect, test } from 'vitest';
import { FIGURES, type Figures, History } from './history.ts';

const figures = (pending: number): Figures => ({
  ...(Object.fromEntries(FIGURES.map((figure) => [figure, 0])) as Figures),
  pending,
});

function filled(rows: number): History {
  const history = new History();
  for (let i = 1; i <= rows; i++) history.add(i * 1_000, new Map([['main', figures(i)]]));
  return history;
}

test('tells the rows that came after one that the reader has', () => {
  const history = filled(5);
  expect(history.after(3)).toMatchObject({
    last: 5,
    at: [4_000, 5_000],
    pools: { main: { pending: [4, 5], max: [0, 0] } },
  });
  expect(history.after(5)).toMatchObject({ at: [], pools: { main: { pending: [] } } });
});

test('keeps 15 minutes of seconds, and no more', () => {
  const { at, pools } = filled(1_000).after(0);
  expect(at).toHaveLength(900);
  expect(at[0]).toBe(101_000);
  expect(pools.main?.pending).toHaveLength(900);
  expect(pools.main?.pending.at(-1)).toBe(1_000);
});

test('tells everything to a reader whose number is of another process', () => {
  expect(filled(5).after(800).at).toHaveLength(5);
  expect(filled(5).after(-1).at).toHaveLength(5);
});

test('has a gap where a pool was not there', () => {
  const history = filled(2);
  history.add(3_000, new Map([['late', figures(7)]]));
  expect(history.after(0).pools).toMatchObject({
    main: { pending: [1, 2, null] },
    late: { pending: [null, null, 7] },
  });
});

test('forgets a pool that has been gone for 15 minutes', () => {
  const history = filled(1);
  for (let i = 0; i < 900; i++) history.add(2_000 + i, new Map([['late', figures(0)]]));
  expect(Object.keys(history.after(0).pools)).toEqual(['late']);
});

test('is bounded in pools as well', () => {
  const history = new History();
  history.add(1, new Map(Array.from({ length: 200 }, (_, i) => [`pool ${i}`, figures(0)])));
  expect(Object.keys(history.after(0).pools)).toHaveLength(50);
});

test('rounds to what a chart can show', () => {
  const history = new History();
  history.add(1, new Map([['main', figures(1.234_567)]]));
  expect(history.after(0).pools.main?.pending).toEqual([1.235]);
});
