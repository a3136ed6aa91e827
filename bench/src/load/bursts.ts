import { setTimeout as delay } from 'node:timers/promises';
import { type Waits, waitsOf } from './percentiles.ts';

export interface Bursts {
  /** How many start at once. */
  readonly size: number;
  readonly everyMillis: number;
  /** Bursts in this first part are made and not counted. */
  readonly warmUpMillis: number;
  readonly durationMillis: number;
  readonly run: () => Promise<unknown>;
}

/** Statements that come in bursts by the clock. A wait counts from when its burst was due. */
export async function bursts(options: Bursts): Promise<Waits> {
  const { size, everyMillis, warmUpMillis, durationMillis, run } = options;
  const startsAt = performance.now();
  const countsFrom = startsAt + warmUpMillis;
  const endsAt = countsFrom + durationMillis;
  const waits: number[] = [];
  const all: Promise<void>[] = [];
  const one = async (due: number) => {
    await run();
    if (due >= countsFrom) waits.push(performance.now() - due);
  };
  for (let due = startsAt; due < endsAt; due += everyMillis) {
    await delay(Math.max(0, due - performance.now()));
    for (let i = 0; i < size; i++) all.push(one(due));
  }
  await Promise.all(all);
  return waitsOf(waits);
}
