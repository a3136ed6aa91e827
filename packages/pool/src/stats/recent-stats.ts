import type { Clock } from '../clock.ts';
import type { PoolStats } from './pool-stats.ts';

/** Whose figures they are. */
export interface StatsSource {
  readonly clock: Clock;
  stats(): PoolStats;
}

/** How old the figures in an error may be. */
const RECENT_MILLIS = 100;

/** For errors: under overload many callers are refused at once, and each would count all anew. */
export class RecentStats {
  readonly #source: StatsSource;
  #at = Number.NEGATIVE_INFINITY;
  #stats: PoolStats | undefined;

  constructor(source: StatsSource) {
    this.#source = source;
  }

  get(): PoolStats {
    const now = this.#source.clock.now();
    if (!this.#stats || now - this.#at > RECENT_MILLIS) {
      this.#stats = this.#source.stats();
      this.#at = now;
    }
    return this.#stats;
  }
}
