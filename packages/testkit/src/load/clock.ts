/** Where a load takes its time from. */
export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** With 0 or less: after the events that wait. Ends early, and without an error, when aborted. */
  sleep(millis: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (millis, signal) =>
    new Promise((resolve) => {
      if (millis <= 0) {
        setImmediate(resolve);
        return;
      }
      const timer = setTimeout(resolve, millis);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};
