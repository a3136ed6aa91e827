/** The pool's only source of time, so that tests can hold it in their hands. */
export interface Clock {
  /** Milliseconds since an arbitrary start, never going backwards. */
  now(): number;
  /** Calls `fire` once after `millis`; the returned function cancels it. */
  after(millis: number, fire: () => void, options?: { keepsProcessAlive?: boolean }): () => void;
}

// As they were when the pool was loaded: an application's tests may fake time, and a server does not
// live in that. A wait before the next login would last for ever, or weeks would pass within one.
const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);

export const systemClock: Clock = {
  now,
  after(millis, fire, options) {
    const timer = setTimeout(fire, millis);
    if (!options?.keepsProcessAlive) timer.unref();
    return () => clearTimeout(timer);
  },
};
