import { type LoadOptions, planLoad, requireAbove } from './load-options.ts';
import { LoadRecorder } from './load-recorder.ts';
import type { LoadResult } from './load-result.ts';

export interface ClosedLoopOptions extends LoadOptions {
  /** How many users, each of whom makes the next request when the last one is answered. */
  users: number;
  /** How long a user whose request has failed waits before the next one; default 0. */
  pauseAfterFailureMillis?: number;
}

/**
 * Loads with a fixed number of users who wait for their answers. A slow server slows its own load down,
 * so this finds the highest throughput, not what users of an open service would see.
 */
export async function closedLoop(options: ClosedLoopOptions): Promise<LoadResult> {
  const { users, pauseAfterFailureMillis = 0, run } = options;
  requireAbove(0, 'users', users);
  const { clock, window, drainMillis } = planLoad(options);
  const recorder = new LoadRecorder(clock, window, run);

  async function useService(user: number): Promise<void> {
    while (clock.now() < window.endsAt) {
      const isServed = await recorder.request(user, clock.now());
      // Requests that end at once must not keep all others from their events.
      const pauseMillis = isServed ? 0 : pauseAfterFailureMillis;
      await clock.sleep(Math.min(pauseMillis, window.endsAt - clock.now()));
    }
  }
  const allUsers = Promise.all(Array.from({ length: users }, (_, user) => useService(user)));
  await Promise.race([allUsers, clock.sleep(window.endsAt - clock.now())]);
  await recorder.drain(allUsers, drainMillis);
  return recorder.result('closed');
}
