import { Pool } from '@lifeguard/pool';
import { describe, expect, test } from 'vitest';
import { fanOut, madeUpStats, owner, statement } from '../testing/pool-stats.ts';
import { windowBetween } from './window.ts';

const between = (
  earlier: Parameters<typeof madeUpStats>[0],
  later: Parameters<typeof madeUpStats>[0],
) =>
  windowBetween(
    { at: 1_000, stats: madeUpStats(earlier) },
    { at: 11_000, stats: madeUpStats(later) },
  );

test('counters are what has come, gauges what is', () => {
  const { stats, seconds } = between(
    { pending: 50, counts: { timeouts: 3, statements: 100 }, errors: { '23505': 4, '57014': 1 } },
    { pending: 2, counts: { timeouts: 5, statements: 600 }, errors: { '23505': 9, '57014': 1 } },
  );
  expect(seconds).toBe(10);
  expect(stats).toMatchObject({ pending: 2, statementsPerSecond: 50, errors: { '23505': 5 } });
  expect(stats.errors).not.toHaveProperty('57014');
  expect(stats.counts).toMatchObject({ timeouts: 2, statements: 500 });
});

test('a counter that has begun anew counts from there', () => {
  const { stats } = between({ counts: { statements: 900 } }, { counts: { statements: 20 } });
  expect(stats.counts.statements).toBe(20);
});

test('owners by what they held in between', () => {
  const { stats } = between(
    { owners: [owner({ owner: 'a', checkouts: 5, heldMillis: 9_000 }), owner({ owner: 'idle' })] },
    {
      owners: [
        owner({ owner: 'a', checkouts: 6, heldMillis: 9_010, idleMillis: 8 }),
        owner({ owner: 'b', checkouts: 2, heldMillis: 40 }),
        owner({ owner: 'idle' }),
      ],
    },
  );
  expect(stats.owners).toMatchObject([
    { owner: 'b', checkouts: 2, heldMillis: 40 },
    { owner: 'a', checkouts: 1, heldMillis: 10, idleMillis: 8, maxHeldMillis: 10 },
  ]);
});

test('statements that look alike count as one', () => {
  const text = 'SELECT ? FROM a';
  const { stats } = between(
    { statements: [statement({ statement: text, executions: 2, totalMillis: 20, maxMillis: 15 })] },
    {
      statements: [
        statement({ statement: text, executions: 3, totalMillis: 25, maxMillis: 15 }),
        statement({ statement: text, executions: 1, totalMillis: 7, maxMillis: 7 }),
      ],
    },
  );
  expect(stats.statements).toEqual([
    {
      statement: text,
      owners: [],
      executions: 2,
      errors: 0,
      totalMillis: 12,
      meanMillis: 6,
      maxMillis: 6,
    },
  ]);
});

test('fan-outs by requests', () => {
  const { stats } = between(
    { fanOuts: [fanOut({ requests: 3 }), fanOut({ route: 'GET /b', requests: 1 })] },
    { fanOuts: [fanOut({ requests: 7 }), fanOut({ route: 'GET /b', requests: 1 })] },
  );
  expect(stats.fanOuts).toMatchObject([{ route: 'GET /api/home', requests: 4 }]);
});

describe('durations', () => {
  const pools = () => {
    const pool = new Pool({ host: 'localhost' });
    const { wait } = pool.stats({ buckets: true });
    return { pool, wait };
  };

  test('a real pool tells its buckets when asked, and only then', () => {
    const { pool, wait } = pools();
    expect(wait.buckets).toEqual({ from: 0, counts: [], sumMillis: 0 });
    expect(pool.stats().wait).not.toHaveProperty('buckets');
  });

  const histogram = (from: number, counts: number[], sumMillis: number, maxMillis: number) => ({
    count: counts.reduce((sum, each) => sum + each, 0),
    maxMillis,
    buckets: { from, counts, sumMillis },
  });

  test('percentiles are of those that came in between', () => {
    // Bucket 80 ends at 1.1 ms, 120 at 35.8 ms.
    const { stats } = between(
      { wait: histogram(120, [100], 3_500, 35.5) },
      { wait: histogram(80, [10, ...new Array(39).fill(0), 100], 3_510, 35.5) },
    );
    expect(stats.wait).toMatchObject({ count: 10, meanMillis: 1 });
    expect(stats.wait.p99Millis).toBeCloseTo(1.07, 1);
    // The 35.5 ms were there before.
    expect(stats.wait.maxMillis).toBeCloseTo(1.116, 2);
  });

  test('the longest of all is the longest of these when it is new', () => {
    const { stats } = between(
      { wait: histogram(80, [1], 1.1, 1.1) },
      { wait: histogram(80, [1, ...new Array(39).fill(0), 1], 36, 34.9) },
    );
    expect(stats.wait).toMatchObject({ count: 1, maxMillis: 34.9 });
  });

  test('nothing came: nothing is told', () => {
    const same = { wait: histogram(80, [5], 5, 1.1) };
    expect(between(same, same).stats.wait).toMatchObject({ count: 0, maxMillis: 0, p99Millis: 0 });
  });
});
