import { type Arrivals, arrivalTimes } from './arrivals.ts';
import { type LoadOptions, planLoad, requireAbove } from './load-options.ts';
import { LoadRecorder } from './load-recorder.ts';
import type { LoadResult } from './load-result.ts';

export interface OpenLoopOptions extends LoadOptions {
  /** How many requests arrive, whether or not earlier ones have been answered. */
  ratePerSecond: number;
  /** Default `poisson`. */
  arrivals?: Arrivals;
  /** Of the random arrivals; default 1. */
  seed?: number;
  /** Above this many in flight, arrivals are not started and have failed; default 10 000. */
  maxInFlight?: number;
}

/**
 * Loads as the public does: requests arrive at their own times, however slow the server is. The wait is
 * measured from the intended arrival, so that a stall counts for everyone who came during it (no
 * coordinated omission); lateness of our own timers, about a millisecond, is in it too.
 */
export async function openLoop(options: OpenLoopOptions): Promise<LoadResult> {
  const { ratePerSecond, arrivals = 'poisson', seed = 1, maxInFlight = 10_000, run } = options;
  requireAbove(0, 'ratePerSecond', ratePerSecond);
  const { clock, startsAt, window, drainMillis } = planLoad(options);
  const recorder = new LoadRecorder(clock, window, run);
  const requests = new Set<Promise<boolean>>();

  let user = 0;
  for (const time of arrivalTimes(arrivals, ratePerSecond, seed)) {
    const arrivesAt = startsAt + time;
    if (arrivesAt >= window.endsAt) break;
    // Again, for a timer may fire early by a fraction of a millisecond.
    while (clock.now() < arrivesAt) await clock.sleep(arrivesAt - clock.now());
    if (recorder.inFlight >= maxInFlight) {
      recorder.notStarted(arrivesAt);
      continue;
    }
    const request: Promise<boolean> = recorder
      .request(user++, arrivesAt)
      .finally(() => requests.delete(request));
    requests.add(request);
  }
  await clock.sleep(window.endsAt - clock.now());
  await recorder.drain(Promise.all(requests), drainMillis);
  return recorder.result('open');
}
