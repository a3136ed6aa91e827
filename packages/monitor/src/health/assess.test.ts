import { describe, expect, test } from 'vitest';
import { madeUpStats } from '../testing/pool-stats.ts';
import { assessHealth, worstOf } from './assess.ts';

describe('assessHealth', () => {
  test.each([
    // round trip, max, checked out, shared, pending → status
    [undefined, 10, 0, 0, 0, 'pass'],
    [5, 10, 0, 0, 0, 'pass'],
    [1_000, 10, 0, 0, 0, 'pass'],
    [1_001, 10, 0, 0, 0, 'warn'],
    [5, 10, 10, 0, 0, 'pass'],
    [5, 10, 5, 3, 1, 'pass'],
    [5, 10, 5, 4, 1, 'warn'],
    [5, 10, 0, 10, 1, 'warn'],
    // From three on, the last connection is never lent: the pool is full without it.
    [5, 5, 3, 0, 60, 'pass'],
    [5, 5, 4, 0, 60, 'warn'],
    [5, 3, 2, 0, 1, 'warn'],
    [5, 2, 1, 0, 1, 'pass'],
    [5, 2, 2, 0, 1, 'warn'],
    [5, 1, 1, 0, 1, 'warn'],
    [new Error('connect ECONNREFUSED'), 5, 0, 0, 0, 'fail'],
    [new Error('timed out'), 5, 4, 0, 60, 'fail'],
  ] as const)(
    'round trip %s, of %d connections %d lent and %d shared, %d pending: %s',
    (roundTrip, max, checkedOut, shared, pending, status) => {
      const stats = madeUpStats({ connections: { max, checkedOut, shared }, pending });
      expect(assessHealth(stats, roundTrip).status).toBe(status);
    },
  );

  test('says what was observed', () => {
    const stats = madeUpStats({ connections: { checkedOut: 3, shared: 1 }, pending: 7 });
    expect(assessHealth(stats, 12.5)).toEqual({
      status: 'pass',
      checks: {
        'database:responseTime': { status: 'pass', observed: 12.5, unit: 'ms' },
        'pool:utilization': { status: 'pass', observed: 80, unit: 'percent' },
        'pool:pending': { status: 'pass', observed: 7, unit: 'requests' },
      },
    });
  });

  test('says why the database did not answer', () => {
    expect(assessHealth(madeUpStats(), new Error('no route')).checks).toMatchObject({
      'database:responseTime': { status: 'fail', output: 'no route' },
      'pool:utilization': { status: 'pass' },
    });
  });
});

test.each([
  ['LIFEGUARD_POOL_TIMEOUT', 5, 'warn'],
  ['LIFEGUARD_POOL_OVERLOADED', 5, 'warn'],
  ['LIFEGUARD_POOL_TIMEOUT', 0, 'fail'],
  ['LIFEGUARD_POOL_CLOSED', 5, 'fail'],
  ['57014', 5, 'fail'],
])('a ping that met %s on a pool with %d connections: %s', (code, total, status) => {
  const error = Object.assign(new Error('refused'), { code });
  expect(assessHealth(madeUpStats({ connections: { total } }), error).status).toBe(status);
});

test.each([
  ['closed', 'pass'],
  ['open', 'fail'],
  ['half-open', 'warn'],
  ['returning', 'warn'],
] as const)('a breaker that is %s: %s', (state, status) => {
  const breaker = { state, retryAfterMillis: 0, reason: 'five failures' };
  const health = assessHealth(madeUpStats(), 5, { breaker });
  expect(health.status).toBe(status);
  expect(health.checks['breaker:state']).toEqual({
    status,
    observed: state,
    output: 'five failures',
  });
});

test.each([
  [1_000, 'pass'],
  [1_001, 'warn'],
])('of a hundred waits, one over %d ms: %s', (p99Millis, status) => {
  const { wait } = madeUpStats({ wait: { count: 9, p99Millis } });
  expect(assessHealth(madeUpStats(), 5, { wait }).status).toBe(status);
});

test('a replica that lags or is down is worth a warning: the others serve', () => {
  const replicas = [
    { name: 'a', isUp: true, lagMillis: 12 },
    { name: 'b', isUp: true, lagMillis: 9_000 },
    { name: 'c', isUp: false },
  ];
  expect(assessHealth(madeUpStats(), 5, { replicas })).toMatchObject({
    status: 'warn',
    checks: {
      'replica:a': { status: 'pass', observed: 12, unit: 'ms' },
      'replica:b': { status: 'warn', observed: 9_000 },
      'replica:c': { status: 'warn', observed: 'no answer' },
    },
  });
});

test('of several pools, the worst tells, and each check says whose it is', () => {
  const well = assessHealth(madeUpStats(), 5);
  const ill = assessHealth(madeUpStats(), new Error('gone'));
  const both = worstOf([
    ['shop', well],
    ['reports', ill],
  ]);
  expect(both.status).toBe('fail');
  expect(both.checks).toMatchObject({
    'shop:database:responseTime': { status: 'pass' },
    'reports:database:responseTime': { status: 'fail', output: 'gone' },
  });
  expect(worstOf([['shop', ill]])).toBe(ill);
});
