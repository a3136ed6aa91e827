import { LONGEST_MILLIS } from '../numbers.ts';

/** The time of day, which several processes share: ages are told by it, and tests hold it in their hands. */
export interface WallClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `fire` once after `millis`; the returned function cancels it. */
  after(millis: number, fire: () => void, options?: TimerOptions): () => void;
}

export interface TimerOptions {
  /** Nobody waits for it: the process may end before. */
  isBackground?: boolean;
}

export const wallClock: WallClock = {
  now: () => Date.now(),
  after(millis, fire, options) {
    const timer = setTimeout(fire, Math.min(millis, LONGEST_MILLIS));
    if (options?.isBackground) timer.unref();
    return () => clearTimeout(timer);
  },
};
