import { describe, expect, test } from 'vitest';
import { holder, madeUpStats, owner, statement } from '../testing/pool-stats.ts';
import { detectPoolExhausted } from './pool-exhausted.ts';

const wait = { count: 50, p50Millis: 800, p99Millis: 5_000 };

test('nobody waited in vain, whatever came: no incident', () => {
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
  expect(later?.evidence.at(-1)).toBe('the longest holder: Report.findMany');

  const holders = [holder({ owner: 'Order.create' }), holder({ owner: 'User.update' })];
  const [now] = detectPoolExhausted(madeUpStats({ wait, counts, owners, holders }));
  expect(now?.evidence.at(-1)).toBe('the longest holder: Order.create');
});

test('in a window, names what took the time of the connections', () => {
  const stats = madeUpStats({
    wait,
    pending: 12,
    counts: { timeouts: 1 },
    owners: [owner({ owner: 'Report.findMany', heldMillis: 30_000 })],
    holders: [holder({ owner: 'Order.create', heldMillis: 500_000, site: 'shop.ts:12' })],
    statements: [
      statement({ statement: 'SELECT a', totalMillis: 60_000 }),
      statement({ statement: 'SELECT b', totalMillis: 14_000 }),
    ],
  });
  const [incident] = detectPoolExhausted(stats, { seconds: 30 });
  expect(incident?.evidence).toEqual([
    'half of all waits were over 800 ms, one in a hundred over 5.0 s',
    '12 callers wait now',
    '40 % of its time was spent on SELECT a',
    '20 % of its time was held by Report.findMany',
    '20 % of its time was held by Order.create',
    'the connection held longest was taken at shop.ts:12',
  ]);
});

describe('told before anybody gives up', () => {
  const waiting = madeUpStats({ pending: 3, connections: { max: 5 } });
  const nobody = madeUpStats().wait;
  const served = (p50Millis: number) => madeUpStats({ wait: { count: 9, p50Millis } }).wait;
  test.each([
    ['nobody is served', 2_000, nobody, 1],
    ['full for too short a time', 1_999, nobody, 0],
    ['half of them wait for half a second', 9_000, served(500), 1],
    ['busy, and quick', 9_000, served(499), 0],
    ['not full', 0, nobody, 0],
  ])('%s', (_, fullMillis, recentWait, incidents) => {
    const around = { seconds: 30, fullMillis, recentWait };
    expect(detectPoolExhausted(waiting, around)).toHaveLength(incidents);
  });

  test('by how long it has been so', () => {
    const around = { seconds: 30, fullMillis: 4_000, recentWait: nobody };
    expect(detectPoolExhausted(waiting, around)).toMatchObject([
      {
        title: 'all 5 connections have been used for 4.0 s while callers wait',
        evidence: ['3 callers wait now'],
        isUnderWay: true,
      },
    ]);
  });
});
