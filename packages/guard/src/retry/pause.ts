import type { Clock } from '../clock.ts';

/** Waits, unless the signal says otherwise; whether the time has passed. */
export function pause(millis: number, clock: Clock, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (passed: boolean) => {
      cancel();
      signal?.removeEventListener('abort', abort);
      resolve(passed);
    };
    const abort = () => end(false);
    const cancel = clock.after(millis, () => end(true));
    signal?.addEventListener('abort', abort);
  });
}
