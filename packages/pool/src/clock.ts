/** The pool's only source of time, so that tests can hold it in their hands. */
export interface Clock {
  /** Milliseconds since an arbitrary start, never going backwards. */
  now(): number;
  /** Calls `fire` once after `millis`; the returned function cancels it. */
  after(millis: number, fire: () => void, options?: { keepsProcessAlive?: boolean }): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(millis, fire, options) {
    const timer = setTimeout(fire, millis);
    if (!options?.keepsProcessAlive) timer.unref();
    return () => clearTimeout(timer);
  },
};
