import type { PoolStats } from '@lifeguard/pool';
import type { Clock } from '../clock.ts';
import { assessHealth, type Health, type HealthContext } from './assess.ts';
import type { Ping, PingResult } from './ping.ts';

export interface Patience {
  /** How old a sign of life may be to serve again, in milliseconds. */
  readonly freshMillis: number;
  /** How long to wait for a new one before the last one is told instead, in milliseconds. */
  readonly patienceMillis: number;
}

/** A sign of life for the answer: a new one if it comes in time, else the last one. */
export async function signOfLife(
  ping: Ping,
  { freshMillis, patienceMillis }: Patience,
  clock: Clock,
): Promise<void> {
  let cancel = () => {};
  const late = new Promise<void>((resolve) => {
    cancel = clock.after(patienceMillis, resolve);
  });
  await Promise.race([ping.ask(freshMillis), late]);
  cancel();
}

/** A pool's health by its counters and the sign of life that is there. Asks nobody. */
export function healthOf(
  stats: PoolStats,
  ping: Ping | undefined,
  now: number,
  context: HealthContext,
): Health {
  const last = ping?.last;
  const waitingMillis = ping?.waitingMillis;
  if (!last) {
    const outcome = waitingMillis === undefined ? undefined : new Error('no answer yet');
    return assessHealth(stats, outcome, context);
  }
  const pingNote = noteOf(last, waitingMillis, now);
  return assessHealth(stats, last.outcome, { ...context, ...(pingNote && { pingNote }) });
}

function noteOf({ at }: PingResult, waitingMillis: number | undefined, now: number) {
  if (waitingMillis === undefined) return undefined;
  const seconds = ((now - at) / 1_000).toFixed(1);
  return `as of ${seconds} s ago; asked again ${Math.round(waitingMillis)} ms ago`;
}
