import { FakeClock } from '@lifeguard/testkit';
import { describe, expect, test } from 'vitest';
import type { LoadOptions } from './command.ts';
import type { Send } from './engine/request.ts';
import { type PhasesResult, runPhases } from './run-phases.ts';
import { planWith } from './testing/plan.ts';
import { serverOfCapacity, stallingServer } from './testing/simulated-server.ts';

function load(
  clock: FakeClock,
  send: Send,
  options: Partial<LoadOptions>,
  signal = new AbortController().signal,
): Promise<PhasesResult> {
  return clock.runUntil(runPhases({ plan: planWith(options), send, clock, signal }));
}

describe('a stall of 2 s', () => {
  const stall = { millis: 1, from: 1_000, to: 3_000 };

  test('an open load shows the whole ramp of waits', async () => {
    const clock = new FakeClock();
    const { phases, timeline } = await load(clock, stallingServer(clock, stall), {
      rate: 100,
      duration: 10,
    });
    const [phase] = phases;
    expect(phase).toMatchObject({ offered: 1_000, served: 1_000, failed: 0, servedPerSecond: 100 });
    // 200 of 1000 are wanted in the stall, and wait 2001, 1991, … 11 ms; the others 1 ms.
    const waits = Array.from({ length: 1_000 }, (_, i) => (i < 200 ? 2_001 - 10 * i : 1)).sort(
      (a, b) => a - b,
    );
    const exact = (percentile: number) =>
      waits[Math.ceil((percentile / 100) * 1_000) - 1] as number;
    expect(exact(99)).toBe(1_901);
    for (const [percentile, told] of [
      [50, phase?.latency.p50],
      [75, phase?.latency.p75],
      [90, phase?.latency.p90],
      [95, phase?.latency.p95],
      [99, phase?.latency.p99],
      [99.9, phase?.latency.p999],
      [100, phase?.latency.max],
      ...(phase?.curves.latency ?? []),
    ] as [number, number][]) {
      // The histogram keeps, and a report says, three significant digits.
      expect(Math.abs(told / exact(Math.max(percentile, 0.1)) - 1), `p${percentile}`).toBeLessThan(
        0.006,
      );
    }
    expect(phase?.latency.mean).toBeCloseTo(waits.reduce((sum, wait) => sum + wait) / 1_000, -1);
    // Second by second, by when they were wanted.
    expect(timeline.offered).toEqual(Array.from({ length: 10 }, () => 100));
    expect(timeline.inFlight.slice(0, 4)).toEqual([0, 100, 200, 0]);
    expect(timeline.served.slice(0, 4)).toEqual([100, 0, 0, 300]);
    expect([timeline.p99[0], timeline.p99[4]]).toEqual([1, 1]);
    expect(timeline.p99[1]).toBeGreaterThan(1_980);
    expect(timeline.p50[2]).toBeCloseTo(510, -2);
  });

  test('a closed load has as many slow requests as workers', async () => {
    const clock = new FakeClock();
    const { phases } = await load(clock, stallingServer(clock, stall), {
      concurrency: 2,
      duration: 5,
    });
    expect(phases[0]).toMatchObject({ rate: null, workers: 2, served: 6_000, failed: 0 });
    expect(phases[0]?.latency).toMatchObject({ p50: 1, p99: 1, p999: 1 });
    expect(phases[0]?.latency.max).toBeCloseTo(2_001, -2);
  });
});

test('waiting for ourselves is told apart from service', async () => {
  const clock = new FakeClock();
  // This process is busy: 40 ms pass that it was to wake up in. A connection of ours takes 7 ms more.
  const late = { now: () => clock.now(), sleep: (millis: number) => clock.sleep(millis + 40) };
  const send: Send = (listener) => {
    void clock
      .sleep(7)
      .then(() => listener.onSent())
      .then(() => clock.sleep(5))
      .then(() => listener.onEnd({ ok: true, status: 200 }));
    return () => {};
  };
  const plan = planWith({ rate: 5, duration: 1 });
  const { signal } = new AbortController();
  const { phases } = await clock.runUntil(runPhases({ plan, send, clock: late, signal }));
  expect(phases[0]?.latency.p50).toBeCloseTo(phases[0]!.waiting.p50 + 5, 5);
  expect(phases[0]).toMatchObject({ service: { p50: 5, max: 5 }, waiting: { max: 47 } });
  expect(phases[0]?.lateness.max).toBe(40);
});

test('what takes too long is given up, also when it was never sent', async () => {
  const clock = new FakeClock();
  const givenUp: number[] = [];
  const send: Send = () => () => givenUp.push(clock.now());
  const { phases, timeline } = await load(clock, send, { rate: 1, duration: 2, timeout: 3 });
  expect(phases[0]).toMatchObject({ offered: 2, served: 0, failed: 2, errors: { timeout: 2 } });
  expect(phases[0]?.failedLatency.max).toBeCloseTo(3_000, -1);
  expect(givenUp).toEqual([3_000, 4_000]);
  expect(timeline.failures).toEqual({ timeout: [0, 0, 0, 1, 1] });
});

test('interrupted: what is under way has neither failed nor been served', async () => {
  const clock = new FakeClock();
  const abort = new AbortController();
  void clock.sleep(1_500).then(() => abort.abort());
  const { phases } = await load(
    clock,
    serverOfCapacity(clock, 1, 300),
    { steps: [10, 20], duration: 5 },
    abort.signal,
  );
  expect(phases).toHaveLength(1);
  expect(phases[0]).toMatchObject({ offered: 15, served: 5, failed: 0, unfinished: 10 });
  expect(phases[0]?.seconds).toBeCloseTo(1.5, 1);
});

test('warm-up is not counted, and what one rate left behind is not counted for the next', async () => {
  const clock = new FakeClock();
  const { phases, timeline } = await load(clock, serverOfCapacity(clock, 1, 100), {
    steps: [5, 20, 40],
    duration: 2,
    warmup: 1,
  });
  expect(phases.map(({ offered, served }) => [offered, served])).toEqual([
    [10, 10],
    [40, 40],
    [80, 80],
  ]);
  // Ten a second is what it can: the last begins when all of the 40 are served.
  expect(phases.map(({ from }) => Math.round(from))).toEqual([0, 2, 6]);
  expect(phases.map(({ held, because }) => [held, because])).toEqual([
    [true, null],
    [false, 'behind'],
    [false, 'behind'],
  ]);
  expect(timeline.offered.reduce((sum, one) => sum + one)).toBe(130);
});

test('arrivals beyond what can be under way have failed', async () => {
  const clock = new FakeClock();
  const plan = { ...planWith({ rate: 10, duration: 1 }), maxInFlight: 2 };
  const send: Send = (listener) => {
    void clock.sleep(550).then(() => listener.onEnd({ ok: true, status: 200 }));
    return () => {};
  };
  const { signal } = new AbortController();
  const { phases } = await clock.runUntil(runPhases({ plan, send, clock, signal }));
  // 0 and 100 are under way until 550 and 650; 600 and 700 take their places.
  expect(phases[0]).toMatchObject({ offered: 10, served: 4, errors: { 'not started': 6 } });
});

test.each([
  [1, 10, 100],
  [5, 20, 250],
  [10, 8, 1_250],
])('finds the knee of %i places of %i ms at %i/s', async (places, millis, capacity) => {
  const clock = new FakeClock();
  const { phases } = await load(clock, serverOfCapacity(clock, places, millis), {
    findKnee: true,
    rate: 20,
    duration: 5,
  });
  const held = phases.filter((phase) => phase.held).map(({ rate }) => rate ?? 0);
  const lost = phases.filter((phase) => !phase.held).map(({ rate }) => rate ?? 0);
  const [knee, beyond] = [Math.max(...held), Math.min(...lost)];
  expect(beyond / knee).toBeLessThanOrEqual(1.1);
  expect(knee).toBeLessThanOrEqual(capacity * 1.05);
  expect(beyond).toBeGreaterThan(capacity);
  expect(phases.length).toBeLessThan(20);
});

test('random arrivals have the rate asked for', async () => {
  const clock = new FakeClock();
  const { phases } = await load(clock, serverOfCapacity(clock, 100, 1), {
    rate: 200,
    arrivals: 'poisson',
    duration: 10,
  });
  // Three standard deviations of 2000.
  expect(Math.abs((phases[0]?.offered ?? 0) - 2_000)).toBeLessThan(3 * Math.sqrt(2_000));
});
