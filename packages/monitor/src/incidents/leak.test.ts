import type { Leak } from '@lifeguard/pool';
import { describe, expect, test } from 'vitest';
import { holder, madeUpStats } from '../testing/pool-stats.ts';
import { detectLeaks } from './leak.ts';

const leak = (part: Partial<Leak> = {}): Leak => ({
  ...holder({ owner: 'export', inTransaction: false, heldMillis: 90_000, idleMillis: 80_000 }),
  site: 'export.ts:10:5',
  stack:
    'Error\n    at Pool.connect (pool.ts:1:1)\n    at start (export.ts:10:5)\n    at job (job.ts:7:1)',
  reclaimed: false,
  ...part,
});

test('names who has not given back, how many, and where they were taken', () => {
  const leaks = [
    leak(),
    leak({ heldMillis: 60_000, idleMillis: 60_000 }),
    leak({ owner: 'other' }),
  ];
  const incidents = detectLeaks(madeUpStats(), { leaks });
  expect(incidents.map(({ title }) => title)).toEqual([
    'export has not given back 2 connections for 90.0 s',
    'other has not given back a connection for 90.0 s',
  ]);
  expect(incidents[0]).toMatchObject({
    owner: 'export',
    site: 'export.ts:10:5',
    weight: 150_000,
    evidence: [
      'no statement was under way for 80.0 s of that; the pool may open 5 connections',
      'taken at export.ts:10:5',
      'at Pool.connect (pool.ts:1:1)',
      'at job (job.ts:7:1)',
    ],
  });
});

describe('without leakThresholdMillis', () => {
  const forgotten = { inTransaction: false, heldMillis: 31_000, idleMillis: 30_000 };
  test.each([
    ['one that is idle for half a minute while others wait', forgotten, 1, 1],
    ['nobody waits', forgotten, 0, 0],
    ['idle for less', { ...forgotten, idleMillis: 29_999 }, 1, 0],
    ['at work for a tenth of its time', { ...forgotten, heldMillis: 34_000 }, 1, 0],
    ['in a transaction, which is another incident', { ...forgotten, inTransaction: true }, 1, 0],
  ])('%s', (_, part, pending, incidents) => {
    const stats = madeUpStats({ pending, holders: [holder(part)] });
    expect(detectLeaks(stats)).toHaveLength(incidents);
  });
});

test('one that the pool has reported is not found twice', () => {
  const stats = madeUpStats({ pending: 1, holders: [leak()] });
  expect(detectLeaks(stats, { leaks: [leak()] })).toHaveLength(1);
});

test('of those that nobody has heard of, their number', () => {
  expect(detectLeaks(madeUpStats({ counts: { leaks: 3 } }))).toMatchObject([
    { title: '3 connections were held for longer than leakThresholdMillis' },
  ]);
});
