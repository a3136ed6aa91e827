import { type Waits, waitsOf } from './percentiles.ts';

/** Below this a process is not warm: its code is still being compiled. */
const WARM_UP_SECONDS = 2;
const MICROS_PER_SECOND = 1e6;

export interface ClosedLoop {
  /** Each makes the next request when the last one is answered. */
  readonly callers: number;
  readonly seconds: number;
  readonly run: () => Promise<unknown>;
}

export interface ClosedLoopResult {
  readonly perSecond: number;
  readonly waits: Waits;
  /** Time that this process's CPU worked for one request: the client's own cost. */
  readonly cpuMicros: number;
}

/**
 * Warms up, then measures. Leaner than the testkit's loop, which is made for HTTP: here a request
 * may cost as little as the measuring of it.
 */
export async function closedLoop(options: ClosedLoop): Promise<ClosedLoopResult> {
  await callAll({ ...options, seconds: Math.min(options.seconds, WARM_UP_SECONDS) });
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const waits = await callAll(options);
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: waits.length / seconds,
    waits: waitsOf(waits),
    cpuMicros: (user + system) / waits.length,
  };
}

async function callAll({ callers, seconds, run }: ClosedLoop): Promise<number[]> {
  const waits: number[] = [];
  const until = performance.now() + seconds * 1_000;
  const call = async () => {
    for (let since = performance.now(); since < until; ) {
      await run();
      const now = performance.now();
      waits.push(now - since);
      since = now;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return waits;
}

/** How many of these are looked at the clock for. */
const CYCLES_PER_LOOK = 100;

/** Warms up, then says how many µs one cycle takes that waits for nothing outside of this process. */
export async function microsPerCycle({ callers, seconds, run }: ClosedLoop): Promise<number> {
  await cycleAll({ callers, seconds: Math.min(seconds, WARM_UP_SECONDS), run });
  const startedAt = performance.now();
  const cycles = await cycleAll({ callers, seconds, run });
  return ((performance.now() - startedAt) / 1_000 / cycles) * MICROS_PER_SECOND;
}

async function cycleAll({ callers, seconds, run }: ClosedLoop): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  let cycles = 0;
  const cycle = async () => {
    while (performance.now() < until) {
      for (let i = 0; i < CYCLES_PER_LOOK; i++) await run();
      cycles += CYCLES_PER_LOOK;
    }
  };
  await Promise.all(Array.from({ length: callers }, cycle));
  return cycles;
}
