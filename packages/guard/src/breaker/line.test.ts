import { describe, expect, test } from 'vitest';
import { deadline } from '../deadline/deadline.ts';
import { bug, connectionRefused } from '../testing/failures.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { settle } from '../testing/let-pass.ts';
import { type BreakerRunOptions, breaker } from './breaker.ts';

/** A breaker whose open time is over, and callers whose calls end when the test says so. */
async function setUp() {
  const clock = new FakeClock();
  const one = breaker({ clock, random: () => 1 });
  for (let i = 0; i < 5; i++) {
    clock.advance(30);
    await one.run(() => Promise.reject(connectionRefused())).catch(() => {});
  }
  expect(one.status().state).toBe('open');
  clock.advance(1_000);
  const calls: { answer: () => void; fail: (error: Error) => void }[] = [];
  const outcomes: string[] = [];
  const call = (options: BreakerRunOptions = {}) => {
    const fn = () =>
      new Promise<void>((resolve, reject) => calls.push({ answer: resolve, fail: reject }));
    return one.run(fn, options).then(
      () => void outcomes.push('ok'),
      (error: Error) => void outcomes.push(error.name),
    );
  };
  const many = (count: number) => {
    for (let i = 0; i < count; i++) void call();
  };
  return { clock, breaker: one, calls, outcomes, call, many };
}

const REFUSED = 'BreakerOpenError';

describe('while a probe is under way, callers wait for its answer', () => {
  test('and come back twofold with each call that ends', async () => {
    const { calls, outcomes, many, breaker } = await setUp();
    many(200);
    await settle();
    expect(calls.length).toBe(1);
    expect(outcomes).toEqual([]);
    const underWay = [];
    for (let ended = 0; calls.length < 100; ) {
      const present = calls.length;
      for (; ended < present; ended++) calls[ended]?.answer();
      await settle();
      underWay.push(calls.length - present);
    }
    expect(underWay).toEqual([2, 4, 8, 16, 32, 64]);
    for (let ended = 0; outcomes.length < 200; await settle()) {
      for (; ended < calls.length; ended++) calls[ended]?.answer();
    }
    expect(new Set(outcomes)).toEqual(new Set(['ok']));
    expect(breaker.status().refused).toBe(0);
  });

  test('and are all refused when it fails', async () => {
    const { calls, outcomes, many } = await setUp();
    many(10);
    calls[0]?.fail(connectionRefused());
    await settle();
    expect(outcomes).toEqual(['Error', ...Array.from({ length: 9 }, () => REFUSED)]);
    expect(calls.length).toBe(1);
  });

  test('and one of them goes next when it says nothing', async () => {
    const { calls, outcomes, many } = await setUp();
    many(10);
    calls[0]?.fail(bug());
    await settle();
    expect(calls.length).toBe(2);
    expect(outcomes.length).toBe(1);
  });

  test('whatever becomes of calls from before', async () => {
    const { breaker: one, clock, calls, outcomes, many } = await setUp();
    many(1);
    calls[0]?.answer();
    await settle();
    clock.advance(1_000);
    many(1);
    for (let i = 0; i < 5; i++) {
      clock.advance(30);
      await one.run(() => Promise.reject(connectionRefused())).catch(() => {});
    }
    clock.advance(1_000);
    many(3);
    expect(calls.length).toBe(3);
    calls[1]?.fail(connectionRefused());
    await settle();
    expect(outcomes).toEqual(['ok', 'Error']);
    calls[2]?.answer();
    await settle();
    expect(calls.length).toBe(5);
  });

  test('until it counts as hanging; then one goes next, and nobody waits any more', async () => {
    const { clock, calls, outcomes, many, call } = await setUp();
    many(10);
    clock.advance(749);
    await settle();
    expect(outcomes).toEqual([]);
    clock.advance(1);
    await settle();
    expect(calls.length).toBe(2);
    expect(outcomes).toEqual(Array.from({ length: 8 }, () => REFUSED));
    await call();
    expect(outcomes.length).toBe(9);
    expect(clock.timers).toBe(0);
  });

  test('no longer than they have time', async () => {
    const { clock, outcomes, call, many } = await setUp();
    many(1);
    void call({ waitMillis: 200 });
    const late = deadline(300, () => call(), { clock });
    await call({ waitMillis: 0 });
    expect(outcomes).toEqual([REFUSED]);
    clock.advance(200);
    await settle();
    expect(outcomes.length).toBe(2);
    clock.advance(100);
    await late.catch(() => {});
    await settle();
    expect(outcomes.length).toBe(3);
  });

  test('and no more than a thousand', async () => {
    const { outcomes, many } = await setUp();
    many(1_011);
    await settle();
    expect(outcomes).toEqual(Array.from({ length: 10 }, () => REFUSED));
  });
});

test('in the return, who was not let through at once waits for its end at most', async () => {
  const { clock, calls, outcomes, many } = await setUp();
  many(1);
  calls[0]?.answer();
  await settle();
  many(100);
  await settle();
  const atOnce = calls.length - 1;
  expect(atOnce).toBeGreaterThan(0);
  expect(atOnce).toBeLessThan(30);
  clock.advance(300);
  await settle();
  expect(calls.length).toBe(101);
  expect(outcomes).toEqual(['ok']);
});

test('while it is open nobody waits', async () => {
  const { calls, outcomes, many, call } = await setUp();
  many(1);
  calls[0]?.fail(connectionRefused());
  await settle();
  await call();
  expect(outcomes).toEqual(['Error', REFUSED]);
});
