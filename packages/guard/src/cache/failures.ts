import type { WallClock } from '../time/wall-clock.ts';
import { LruMap } from './lru-map.ts';

const FIRST_PAUSE_MILLIS = 1_000;
const LONGEST_PAUSE_MILLIS = 15_000;
/** Forgetting one costs a load too many, no more. */
const MAX_REMEMBERED = 10_000;

/** Which keys the source did not answer for, and when it is asked again. */
export class Failures {
  readonly #clock: WallClock;
  readonly #failures = new LruMap<string, { readonly count: number; readonly retryAt: number }>(
    MAX_REMEMBERED,
  );

  constructor(clock: WallClock) {
    this.#clock = clock;
  }

  has(key: string): boolean {
    return this.#failures.get(key) !== undefined;
  }

  /** Whether it failed so lately that nobody should try again yet. */
  isPausing(key: string): boolean {
    const { retryAt = 0 } = this.#failures.get(key) ?? {};
    const leftMillis = retryAt - this.#clock.now();
    // A clock that was set back would make it longer.
    return leftMillis > 0 && leftMillis <= LONGEST_PAUSE_MILLIS;
  }

  failed(key: string): void {
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    const pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * 2 ** (count - 1));
    this.#failures.set(key, { count, retryAt: this.#clock.now() + pause });
  }

  answered(key: string): void {
    this.#failures.delete(key);
  }
}
