/** The monitor's only source of time, so that tests can hold it in their hands. */
export interface Clock {
  /** Milliseconds since an arbitrary start, never going backwards. */
  now(): number;
  /** The time of day, in milliseconds since 1970. */
  wall(): number;
  /** Calls `fire` once after `millis`, without keeping the process alive; the returned function cancels it. */
  after(millis: number, fire: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(millis, fire) {
    const timer = setTimeout(fire, millis);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
