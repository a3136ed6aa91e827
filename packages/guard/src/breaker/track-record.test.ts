import { describe, expect, test } from 'vitest';
import { SPREAD_MILLIS, TrackRecord } from './track-record.ts';
import type { Verdict } from './verdict.ts';

type Call = readonly [at: number, verdict: Exclude<Verdict, 'nothing'>];

const LIMITS = { windowMillis: 1_000, minimumCalls: 10, failureRatio: 0.5, consecutive: 5 };

/** When it becomes an outage, and why. */
function take(calls: Iterable<Call>, limits: Partial<typeof LIMITS> = {}) {
  const record = new TrackRecord({ ...LIMITS, ...limits });
  for (const [at, verdict] of calls) {
    const outage = record.count(verdict, at);
    if (outage) return { at, ...outage };
  }
  return undefined;
}

const every = (millis: number, times: number, verdict: Call[1], from = 0): Call[] =>
  Array.from({ length: times }, (_, i) => [from + i * millis, verdict]);

const byTime = (...calls: Call[]) => calls.sort(([a], [b]) => a - b);

describe('a run of failures', () => {
  test('is an outage from the fifth on', () => {
    expect(take(every(50, 9, 'lost'))).toEqual({
      at: 200,
      rule: 'consecutive',
      failures: 5,
      calls: 5,
    });
  });

  test('ends with an answer', () => {
    expect(
      take([...every(50, 4, 'lost'), [210, 'alive'], ...every(50, 4, 'lost', 220)]),
    ).toBeUndefined();
  });

  test('is made of lost connections: slow checkouts neither add to it nor end it', () => {
    expect(take(every(200, 9, 'slow'))).toBeUndefined();
    const calls = byTime(...every(300, 5, 'lost'), ...every(300, 5, 'slow', 150));
    expect(take(calls)).toMatchObject({ at: 1_200, rule: 'consecutive' });
  });

  test('is no outage when it comes from one moment, however long it is', () => {
    expect(take(every(0, 1_000, 'lost'))).toBeUndefined();
    expect(take(every(1, SPREAD_MILLIS, 'lost'))).toBeUndefined();
    expect(take(every(1, SPREAD_MILLIS + 1, 'lost'))).toMatchObject({ at: SPREAD_MILLIS });
  });

  test('may be of any age where there is little traffic', () => {
    expect(take(every(3_600_000, 5, 'lost'))).toMatchObject({ rule: 'consecutive' });
  });
});

describe('the ratio', () => {
  const half = byTime(...every(40, 50, 'slow'), ...every(40, 50, 'alive', 20));

  test('of half the calls in the window is an outage', () => {
    expect(take(half)).toMatchObject({ rule: 'ratio', failures: 6, calls: 11 });
    expect(take(half, { failureRatio: 0.6 })).toBeUndefined();
  });

  test('says nothing below the minimum of calls', () => {
    expect(take(half, { minimumCalls: 51 })).toBeUndefined();
    expect(take(every(150, 100, 'slow'))).toBeUndefined();
  });

  test('forgets what is older than the window', () => {
    expect(take([...every(1, 1_000, 'alive'), ...every(10, 200, 'slow', 1_000)])).toMatchObject({
      // 100 failures in it stand against no more answers than that.
      at: expect.toSatisfy((at: number) => at >= 1_500 && at <= 2_000),
    });
    expect(take([...every(100, 5, 'slow'), ...every(200, 50, 'alive', 2_000)])).toBeUndefined();
  });

  test('is no outage when the failures come from one moment', () => {
    const calls = byTime(...every(0, 500, 'lost', 500), ...every(30, 50, 'alive', 5));
    expect(take(calls)).toBeUndefined();
  });
});

test('the run does not hide the ratio, nor the other way round', () => {
  expect(take(every(20, 50, 'lost'), { consecutive: 1_000 })).toMatchObject({ rule: 'ratio' });
  expect(take(every(20, 50, 'lost'), { minimumCalls: 1_000 })).toMatchObject({
    rule: 'consecutive',
  });
});
