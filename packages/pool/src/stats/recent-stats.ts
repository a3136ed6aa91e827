import type { Clock } from '../clock.ts';
import type { PoolStats } from './pool-stats.ts';

/** How old the figures in an error may be. */
const RECENT_MILLIS = 100;

/** For errors: under overload many callers are refused at once, and each would count all anew. */
export class RecentStats {
  readonly #clock: Clock;
  readonly #read: () => PoolStats;
  #at = Number.NEGATIVE_INFINITY;
  #stats: PoolStats | undefined;

  constructor(clock: Clock, read: () => PoolStats) {
    this.#clock = clock;
    this.#read = read;
  }

  get(): PoolStats {
    const now = this.#clock.now();
    if (!this.#stats || now - this.#at > RECENT_MILLIS) {
      this.#stats = this.#read();
      this.#at = now;
    }
    return this.#stats;
  }
}
