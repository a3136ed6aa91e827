import { describe, expect, test } from 'vitest';
import { madeUpStats } from '../testing/pool-stats.ts';
import { assessHealth } from './assess.ts';

describe('assessHealth', () => {
  test.each([
    // round trip, max, checked out, shared, pending → status
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
