import { type Arrivals, arrivalTimes } from './arrivals.ts';
import { type Clock, sleepUntil } from './clock.ts';
import type { Recorder } from './recorder.ts';

/** So many are begun at most before answers are listened to again. */
const LONGEST_BURST = 64;

export interface OpenPhase {
  readonly ratePerSecond: number;
  readonly arrivals: Arrivals;
  readonly millis: number;
  /** Of random arrivals. */
  readonly seed: number;
}

/**
 * Begins requests at their own times, however slow the answers are. A late one is begun at once, and its wait
 * counts from when it was wanted: a stall shows for everybody who came during it.
 */
export async function generateOpen(
  recorder: Recorder,
  clock: Clock,
  { ratePerSecond, arrivals, millis, seed }: OpenPhase,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = clock.now();
  let burst = 0;
  for (const time of arrivalTimes(arrivals, ratePerSecond, seed)) {
    if (time >= millis) break;
    const wantedAt = startedAt + time;
    if (clock.now() < wantedAt) {
      await sleepUntil(clock, wantedAt, signal);
      burst = 0;
    } else if (++burst >= LONGEST_BURST) {
      // Behind: whoever does not listen would measure answers late that came in time.
      await clock.sleep(0);
      burst = 0;
    }
    if (signal.aborted) return;
    recorder.start(wantedAt);
  }
  await sleepUntil(clock, startedAt + millis, signal);
}

/**
 * A fixed number of workers, each of whom makes the next request when the last one is answered: a slow server
 * slows its own load down, so this finds the highest throughput, not what users would see.
 */
export async function generateClosed(
  recorder: Recorder,
  clock: Clock,
  { workers, millis }: { readonly workers: number; readonly millis: number },
  signal: AbortSignal,
): Promise<void> {
  const endsAt = clock.now() + millis;
  const isOver = () => signal.aborted || clock.now() >= endsAt;
  async function work(): Promise<void> {
    while (!isOver()) {
      await new Promise<void>((resolve) => recorder.start(clock.now(), resolve));
      // Requests that fail at once must not keep all others from their events.
      await clock.sleep(0);
    }
  }
  // Those that are answered later are waited for by whoever drains.
  for (let worker = 0; worker < workers; worker++) void work();
  await sleepUntil(clock, endsAt, signal);
}
