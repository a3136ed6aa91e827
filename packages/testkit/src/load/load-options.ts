import { type Clock, systemClock } from './clock.ts';
import type { LoadRun, LoadWindow } from './load-recorder.ts';

export interface LoadOptions {
  /** How long requests are made and counted. */
  durationMillis: number;
  /** Before that, requests are made and not counted; default 0. */
  warmupMillis?: number;
  /** After that, how long to wait for what is in flight; default 10 000. What is left is `unfinished`. */
  drainMillis?: number;
  /** One request; a rejection is a failure, counted by errorKind(). */
  run: LoadRun;
  /** Default the system's. */
  clock?: Clock;
}

export interface LoadPlan {
  clock: Clock;
  startsAt: number;
  window: LoadWindow;
  drainMillis: number;
}

/** @throws when a number is none, or not in its range. */
export function planLoad(options: LoadOptions): LoadPlan {
  const { durationMillis, warmupMillis = 0, drainMillis = 10_000, clock = systemClock } = options;
  requireAbove(0, 'durationMillis', durationMillis);
  const startsAt = clock.now();
  const countsFrom = startsAt + warmupMillis;
  return {
    clock,
    startsAt,
    window: { countsFrom, endsAt: countsFrom + durationMillis },
    drainMillis,
  };
}

export function requireAbove(limit: number, name: string, value: number): void {
  if (!(value > limit))
    throw new RangeError(`${name} must be a number above ${limit}, not ${value}`);
}
