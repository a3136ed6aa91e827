import { expect, test } from 'vitest';
import { holder, madeUpStats, owner } from '../testing/pool-stats.ts';
import { detectPoolExhausted } from './pool-exhausted.ts';

const wait = { p50Millis: 800, p99Millis: 5_000 };

test('nobody waited in vain, however long: no incident', () => {
  expect(detectPoolExhausted(madeUpStats({ wait, pending: 100 }))).toEqual([]);
});

test('one timeout is enough', () => {
  const stats = madeUpStats({ wait, connections: { max: 1 }, counts: { timeouts: 1 } });
  expect(detectPoolExhausted(stats)).toEqual([
    {
      kind: 'pool-exhausted',
      title: 'callers gave up waiting for the one connection once',
      evidence: ['half of all waits were over 800 ms, one in a hundred over 5.0 s'],
      cause: expect.any(String),
      remedy: expect.stringContaining('Look at the other incidents first'),
      weight: 5_000,
    },
  ]);
});

test('names who holds longest now, else who held most', () => {
  const counts = { timeouts: 12 };
  const owners = [owner({ owner: 'Report.findMany' })];
  const [later] = detectPoolExhausted(madeUpStats({ wait, counts, owners }));
  expect(later?.title).toBe('callers gave up waiting for one of 5 connections 12 times');
  expect(later?.evidence[1]).toBe('the longest holder: Report.findMany');

  const holders = [holder({ owner: 'Order.create' }), holder({ owner: 'User.update' })];
  const [now] = detectPoolExhausted(madeUpStats({ wait, counts, owners, holders }));
  expect(now?.evidence[1]).toBe('the longest holder: Order.create');
});
