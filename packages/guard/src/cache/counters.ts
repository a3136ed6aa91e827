import type { CacheState } from './types.ts';

const NAMES = { fresh: 'fresh', stale: 'stale', 'stale-on-error': 'staleOnError' } as const;

/** What a cache has done so far. */
export class Counters {
  readonly #answers = { fresh: 0, stale: 0, staleOnError: 0 };
  loaded = 0;
  loads = 0;
  failedLoads = 0;

  count(state: CacheState): void {
    this.#answers[NAMES[state]] += 1;
  }

  read() {
    const { loaded, loads, failedLoads } = this;
    return { ...this.#answers, loaded, loads, failedLoads };
  }
}
