import { expect, test } from 'vitest';
import { type Moment, Moments, worstMoments } from './moments.ts';
import { madeUpStats } from './testing/made-up.ts';

const HOLDER = {
  id: 1,
  owner: 'checkout',
  heldMillis: 900,
  idleMillis: 800,
  inTransaction: true,
  statements: 2,
  site: undefined,
};

/** A report each second: how many wait, how many have waited so far, the longest wait, in vain. */
function momentsOf(
  ...reports: [pending: number, waited: number, longest: number, vain?: number][]
) {
  const moments = new Moments('main');
  for (const [i, [pending, waited, maxMillis, timeouts = 0]] of reports.entries()) {
    const holders = pending > 0 ? [{ ...HOLDER, owner: `holder ${pending}` }] : [];
    moments.note(
      madeUpStats({
        connections: { checkedOut: 5 },
        pending,
        counts: { waited, timeouts },
        wait: { count: waited, maxMillis },
        holders,
      }),
      (i + 1) * 1_000,
    );
  }
  return moments.all();
}

test('nobody waits for long: none', () => {
  expect(momentsOf([0, 0, 0], [1, 3, 4], [0, 90, 99], [0, 400, 99])).toEqual([]);
});

test('a while of waits is one, told by its worst second', () => {
  const [moment, ...others] = momentsOf(
    [0, 0, 0],
    [8, 2, 300],
    [20, 30, 900],
    [3, 60, 900],
    [0, 60, 900],
  );
  expect(others).toEqual([]);
  expect(moment).toMatchObject({
    pool: 'main',
    from: 1_000,
    to: 4_000,
    mostWaiting: 20,
    waited: 60,
    longestMillis: 900,
    refused: 0,
    used: 5,
    max: 5,
    holders: [{ owner: 'holder 20' }],
  });
});

test('quiet seconds between two make them two', () => {
  const quiet: [number, number, number] = [0, 5, 300];
  const all = momentsOf([0, 0, 0], [5, 5, 300], quiet, quiet, quiet, quiet, quiet, [5, 9, 800]);
  expect(all.map(({ from, to }) => [from, to])).toEqual([
    [1_000, 2_000],
    [7_000, 8_000],
  ]);
});

test('who waits in vain counts, however short it was', () => {
  expect(momentsOf([0, 0, 0], [0, 0, 0, 4])).toMatchObject([{ refused: 4, waited: 0 }]);
});

test('the first report tells of all that was before', () => {
  expect(momentsOf([0, 6, 371])).toMatchObject([{ from: 1_000, to: 1_000, waited: 6 }]);
});

test('a wait that is long again, though not the longest, is seen by its bucket', () => {
  const moments = new Moments('main');
  const wait = (count: number) => ({
    count,
    maxMillis: 900,
    buckets: { from: 140, counts: [count], sumMillis: 1 },
  });
  moments.note(madeUpStats({ wait: wait(1) }), 1_000);
  moments.note(madeUpStats({ wait: wait(1) }), 9_000);
  moments.note(madeUpStats({ wait: wait(2) }), 10_000);
  expect(moments.all().map(({ to }) => to)).toEqual([1_000, 10_000]);
});

test('the worst, in their order', () => {
  const of = (from: number, weight: number) => ({ from, weight }) as Moment;
  const worst = worstMoments([of(1, 5), of(2, 9), of(3, 1), of(4, 7)], 2);
  expect(worst.map(({ from }) => from)).toEqual([2, 4]);
});
