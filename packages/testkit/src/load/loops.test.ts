import { expect, test } from 'vitest';
import { closedLoop } from './closed-loop.ts';
import { FakeClock } from './fake-clock.ts';
import type { LoadContext } from './load-recorder.ts';
import { openLoop } from './open-loop.ts';

/** A server that takes 1 ms, and does nothing at all between two moments. */
function stallingServer(clock: FakeClock, stall: { from: number; to: number }) {
  return async () => {
    const isStalled = clock.now() >= stall.from && clock.now() < stall.to;
    await clock.sleep((isStalled ? stall.to - clock.now() : 0) + 1);
  };
}

function failingWith(kind: string): Promise<never> {
  return Promise.reject(Object.assign(new Error('no'), { kind }));
}

test('an open load reports a stall for everyone who came during it', async () => {
  const clock = new FakeClock();
  const run = stallingServer(clock, { from: 1_000, to: 2_000 });
  const load = openLoop({
    ratePerSecond: 100,
    arrivals: 'constant',
    durationMillis: 10_000,
    run,
    clock,
  });
  const result = await clock.runUntil(load);
  // 100 of 1000 arrive in the stall and wait 1001, 991, ... 11 ms: the 990th of all waited 901 ms.
  expect(result).toMatchObject({ model: 'open', offered: 1_000, started: 1_000, served: 1_000 });
  expect(result).toMatchObject({ failed: 0, errors: {}, durationSeconds: 10, throughput: 100 });
  expect(result.latencyMillis).toEqual({
    p50: 1,
    p90: 1,
    p99: expect.closeTo(901, -1),
    p999: expect.closeTo(991, -1),
    max: expect.closeTo(1_001, -1),
    mean: expect.closeTo(51.5, 0),
  });
});

test('a closed load shows the same stall as a single slow request', async () => {
  const clock = new FakeClock();
  const run = stallingServer(clock, { from: 1_000, to: 2_000 });
  const result = await clock.runUntil(closedLoop({ users: 1, durationMillis: 3_000, run, clock }));
  expect(result).toMatchObject({ model: 'closed', offered: 2_000, served: 2_000, failed: 0 });
  expect(result.latencyMillis).toMatchObject({ p50: 1, p99: 1, p999: 1 });
  expect(result.worstMillis).toBeCloseTo(1_000, -1);
});

test('users of a closed load may wait after a failure before they ask again', async () => {
  const clock = new FakeClock();
  const run = ({ user }: LoadContext) => (user === 0 ? clock.sleep(100) : failingWith('refused'));
  const load = { users: 2, durationMillis: 3_000, pauseAfterFailureMillis: 1_000, run, clock };
  const result = await clock.runUntil(closedLoop(load));
  expect(result).toMatchObject({ served: 30, failed: 3, errors: { refused: 3 } });
  expect(clock.now()).toBeLessThan(3_200);
});

test('an open load measures from the intended arrival also when it is late itself', async () => {
  const clock = new FakeClock();
  // The generator's own process is busy: time passes that it was to wake up in.
  const late = { now: () => clock.now(), sleep: (millis: number) => clock.sleep(millis + 40) };
  const run = () => clock.sleep(5);
  const load = openLoop({
    ratePerSecond: 10,
    arrivals: 'constant',
    durationMillis: 1_000,
    run,
    clock: late,
  });
  const result = await clock.runUntil(load);
  expect(result.latencyMillis.p50).toBe(45);
});

test('random arrivals have the rate asked for, and the same seed repeats them', async () => {
  async function arrivalsOf(seed: number): Promise<number[]> {
    const clock = new FakeClock();
    const times: number[] = [];
    const run = async () => void times.push(clock.now());
    await clock.runUntil(
      openLoop({ ratePerSecond: 200, durationMillis: 10_000, seed, run, clock }),
    );
    return times;
  }
  const times = await arrivalsOf(7);
  // Three standard deviations of 2000.
  expect(Math.abs(times.length - 2_000)).toBeLessThan(3 * Math.sqrt(2_000));
  expect(await arrivalsOf(7)).toEqual(times);
  expect(await arrivalsOf(8)).not.toEqual(times);
});

test('arrivals beyond maxInFlight are failures that were not started', async () => {
  const clock = new FakeClock();
  const load = openLoop({
    ratePerSecond: 10,
    arrivals: 'constant',
    durationMillis: 1_000,
    maxInFlight: 2,
    run: () => clock.sleep(550),
    clock,
  });
  const result = await clock.runUntil(load);
  // 0 and 100 are in flight until 550 and 650; 600 and 700 take their places.
  expect(result).toMatchObject({ offered: 10, started: 4, served: 4, failed: 6 });
  expect(result.errors).toEqual({ 'not started': 6 });
  expect(result.failedLatencyMillis.max).toBe(0);
});

test.each(['open', 'closed'] as const)(
  '%s: what is not answered when the drain ends has failed',
  async (model) => {
    const clock = new FakeClock();
    const signals: AbortSignal[] = [];
    const run = ({ signal }: LoadContext) => {
      signals.push(signal);
      return new Promise<void>(() => {});
    };
    const options = { durationMillis: 1_000, drainMillis: 500, run, clock };
    const load =
      model === 'closed'
        ? closedLoop({ ...options, users: 1 })
        : openLoop({ ...options, ratePerSecond: 1, arrivals: 'constant' });
    const result = await clock.runUntil(load);
    expect(result).toMatchObject({ offered: 1, started: 1, served: 0, failed: 1 });
    expect(result.errors).toEqual({ unfinished: 1 });
    expect(result.worstMillis).toBe(1_500);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  },
);

test('answers during the drain are served, and no part of the throughput', async () => {
  const clock = new FakeClock();
  const run = () => clock.sleep(600);
  const result = await clock.runUntil(closedLoop({ users: 1, durationMillis: 1_000, run, clock }));
  expect(result).toMatchObject({ served: 2, throughput: 1 });
});

test('warm-up is not counted', async () => {
  const clock = new FakeClock();
  const run = () => (clock.now() < 1_000 ? failingWith('cold') : clock.sleep(10));
  const users = 2;
  const load = openLoop({
    ratePerSecond: 10,
    arrivals: 'constant',
    warmupMillis: 1_000,
    durationMillis: 1_000,
    run,
    clock,
  });
  expect(await clock.runUntil(load)).toMatchObject({ offered: 10, served: 10, failed: 0 });
  const closed = closedLoop({
    users,
    warmupMillis: 100,
    durationMillis: 100,
    run: () => clock.sleep(10),
    clock,
  });
  expect(await clock.runUntil(closed)).toMatchObject({ offered: 20, served: 20, throughput: 200 });
});

test('failures are grouped by kind, and their waits kept apart', async () => {
  const clock = new FakeClock();
  const run = async ({ user }: LoadContext) => {
    await clock.sleep(user % 2 === 0 ? 10 : 200);
    if (user % 4 === 1) await failingWith('http 503');
    if (user % 4 === 3) throw new Error('lost', { cause: { code: 'ECONNRESET' } });
  };
  const load = openLoop({
    ratePerSecond: 8,
    arrivals: 'constant',
    durationMillis: 1_000,
    run,
    clock,
  });
  const result = await clock.runUntil(load);
  expect(result.errors).toEqual({ 'http 503': 2, ECONNRESET: 2 });
  expect(result).toMatchObject({ served: 4, failed: 4, worstMillis: 200 });
  expect(result.latencyMillis.max).toBe(10);
  expect(result.failedLatencyMillis.p50).toBe(200);
});

test('numbers that make no load are refused', async () => {
  const run = async () => {};
  await expect(closedLoop({ users: 0, durationMillis: 1, run })).rejects.toThrow(/users.*not 0/);
  await expect(openLoop({ ratePerSecond: Number.NaN, durationMillis: 1, run })).rejects.toThrow(
    /ratePerSecond.*not NaN/,
  );
});
