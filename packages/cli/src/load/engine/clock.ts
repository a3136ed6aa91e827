/** Where a load takes its time from. */
export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** With 0 or less: after the events that wait. */
  sleep(millis: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (millis) =>
    new Promise((resolve) => {
      if (millis <= 0) setImmediate(resolve);
      else setTimeout(resolve, millis);
    }),
};

/** Naps are short, so that a load that is to stop does so soon. */
const LONGEST_NAP_MILLIS = 50;

/** Sleeps until that moment, or until the signal says stop; again where a timer fires early. */
export async function sleepUntil(clock: Clock, moment: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const left = moment - clock.now();
    if (left <= 0) return;
    await clock.sleep(Math.min(left, LONGEST_NAP_MILLIS));
  }
}
