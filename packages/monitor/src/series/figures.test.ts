import { expect, test } from 'vitest';
import { countersOf, figuresOf, type PoolReading } from './figures.ts';

const NOTHING = { count: 0, p50Millis: 0, p99Millis: 0 };

const reading = (part: Partial<PoolReading> = {}): PoolReading => ({
  name: 'main',
  connections: { max: 5, total: 5, checkedOut: 1, shared: 2, connecting: 0 },
  pending: 3,
  totals: { statements: 100, timeouts: 4, shed: 6 },
  recent: { perSecond: { errors: 2 }, wait: NOTHING, service: NOTHING },
  ...part,
});

test('rates are of the time since the last reading; those of the breaker too', () => {
  const before = countersOf(reading({ breaker: { refused: 10 } }));
  const now = reading({
    totals: { statements: 180, timeouts: 5, shed: 6 },
    breaker: { refused: 70 },
  });
  expect(figuresOf(now, before, 2)).toMatchObject({
    pending: 3,
    statementsPerSecond: 40,
    timeoutsPerSecond: 0.5,
    shedPerSecond: 0,
    breakerRefusedPerSecond: 30,
    errorsPerSecond: 2,
  });
});

test('nothing is told of what was not measured', () => {
  const { statementsPerSecond, waitP99Millis } = figuresOf(reading(), undefined, 0);
  expect([statementsPerSecond, waitP99Millis]).toEqual([Number.NaN, Number.NaN]);
});

test('a pool without a breaker has nobody refused by one', () => {
  const quiet = reading({ breaker: null });
  expect(figuresOf(quiet, countersOf(quiet), 1).breakerRefusedPerSecond).toBe(0);
});

test('counters that begin anew are another pool’s', () => {
  const before = countersOf(reading());
  const anew = reading({ totals: { statements: 7, timeouts: 0, shed: 0 } });
  expect(figuresOf(anew, before, 1).statementsPerSecond).toBe(7);
});
