import { type Waits, waitsOf } from './percentiles.ts';

export interface Arrivals {
  /** Callers come at random and on their own, as the public does (a Poisson process). */
  readonly ratePerSecond: number;
  /** An answer that a caller waits longer for is worth nothing. */
  readonly deadlineMillis: number;
  /** What comes back in this first part is not counted. */
  readonly warmUpMillis: number;
  readonly durationMillis: number;
  readonly run: () => Promise<unknown>;
  /** Whether the pool has refused; any other failure is one of the measurement. */
  readonly isRefusal: (error: unknown) => boolean;
}

/** What came back while it was measured. Waits count from when their callers were due. */
export interface Goodput {
  readonly inTimePerSecond: number;
  readonly latePerSecond: number;
  /** Of all that were answered, in time or not. */
  readonly answers: Waits;
  readonly refusals: Waits;
}

/**
 * Callers come by the clock, however many wait already. It counts by when answers come and not by when
 * callers do, and callers come until the end: a queue that empties afterwards adds nothing.
 *
 * @throws the first failure that is no refusal.
 */
export async function goodput(options: Arrivals): Promise<Goodput> {
  const { ratePerSecond, deadlineMillis, warmUpMillis, durationMillis, run, isRefusal } = options;
  const startsAt = performance.now();
  const countsFrom = startsAt + warmUpMillis;
  const endsAt = countsFrom + durationMillis;
  const answers: number[] = [];
  const refusals: number[] = [];
  const failures: unknown[] = [];

  const call = async (due: number) => {
    let waits = answers;
    let failure: unknown;
    try {
      await run();
    } catch (error) {
      waits = refusals;
      if (!isRefusal(error)) failure = error;
    }
    const now = performance.now();
    if (now < countsFrom || now >= endsAt) return;
    waits.push(now - due);
    if (failure !== undefined) failures.push(failure);
  };

  const gapMillis = () => (-Math.log(1 - Math.random()) * 1_000) / ratePerSecond;
  for (let due = startsAt + gapMillis(); due < endsAt; due += gapMillis()) {
    await until(due);
    void call(due);
  }
  await until(endsAt);

  if (failures.length > 0) throw failures[0];
  const inTime = answers.filter((wait) => wait <= deadlineMillis).length;
  const perSecond = (count: number) => (count * 1_000) / durationMillis;
  return {
    inTimePerSecond: perSecond(inTime),
    latePerSecond: perSecond(answers.length - inTime),
    answers: waitsOf(answers),
    refusals: waitsOf(refusals),
  };
}

/** Again, for a timer may fire early by a fraction of a millisecond. */
async function until(time: number): Promise<void> {
  for (let now = performance.now(); now < time; now = performance.now()) {
    await new Promise((resolve) => setTimeout(resolve, Math.ceil(time - now)));
  }
}
