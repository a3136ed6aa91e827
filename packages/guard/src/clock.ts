import { LONGEST_MILLIS } from './numbers.ts';

/** The guard's only source of time, so that tests can hold it in their hands. */
export interface Clock {
  /** Milliseconds since an arbitrary start, never going backwards. */
  now(): number;
  /** Calls `fire` once after `millis`; the returned function cancels it. */
  after(millis: number, fire: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(millis, fire) {
    // Not unref'd: a caller waits for each of them, and somebody must tell it the outcome.
    // It takes anything longer for 1 ms.
    const timer = setTimeout(fire, Math.min(millis, LONGEST_MILLIS));
    return () => clearTimeout(timer);
  },
};
