import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { goodput } from './goodput.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  // Else the gaps between callers are random: this makes each of them 10 ms at 100 a second.
  vi.spyOn(Math, 'random').mockReturnValue(1 - 1 / Math.E);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const refusal = new Error('refused');

/** 100 callers a second; each is handed to `run` with the number of its arrival, from 0. */
async function load(run: (index: number) => Promise<unknown>) {
  let arrivals = 0;
  const result = goodput({
    ratePerSecond: 100,
    deadlineMillis: 1_000,
    warmUpMillis: 2_000,
    durationMillis: 4_000,
    run: () => run(arrivals++),
    isRefusal: (error) => error === refusal,
  });
  // Who looks at it later must not find it unhandled.
  result.catch(() => {});
  await vi.advanceTimersByTimeAsync(6_100);
  return { result, arrivals: () => arrivals };
}

const after = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis));

test('callers come at their rate, however many wait', async () => {
  const { result, arrivals } = await load(() => new Promise(() => {}));
  expect(await result).toMatchObject({ inTimePerSecond: 0, latePerSecond: 0 });
  expect(arrivals()).toBeGreaterThanOrEqual(598);
  expect(arrivals()).toBeLessThanOrEqual(600);
});

test('an answer is in time or too late by its deadline', async () => {
  const { result } = await load((index) => after(index % 4 === 0 ? 1_500 : 500));
  const { inTimePerSecond, latePerSecond, answers } = await result;
  expect(inTimePerSecond).toBeCloseTo(75, -1);
  expect(latePerSecond).toBeCloseTo(25, -1);
  expect(answers.max).toBeGreaterThanOrEqual(1_500);
});

test('what comes back before or after the measured time is not counted', async () => {
  // Those of the first second are answered in the warm-up, those of the last one after the end.
  const { result } = await load((index) =>
    after(index < 100 ? 500 : index >= 500 ? 2_000 : 10_000),
  );
  expect(await result).toMatchObject({ inTimePerSecond: 0, latePerSecond: 0 });
});

test('refusals are told apart from answers', async () => {
  const { result } = await load(async (index) => {
    if (index % 2 === 0) throw refusal;
  });
  const { inTimePerSecond, refusals } = await result;
  expect(inTimePerSecond).toBeCloseTo(50, -1);
  expect(refusals.p50).toBeLessThan(2);
});

test('a failure that is no refusal is one of the measurement', async () => {
  const { result } = await load(async (index) => {
    throw index === 300 ? new Error('the server is gone') : refusal;
  });
  await expect(result).rejects.toThrow('the server is gone');
});
