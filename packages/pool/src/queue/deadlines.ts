import type { Clock } from '../clock.ts';

/** How late a deadline may be noticed; a quarter of the 100 ms that a caller is promised. */
const GRANULARITY_MILLIS = 25;

/**
 * Tells when deadlines have passed: one timer for all, O(1) to add and to remove.
 *
 * Deadlines stand in buckets of {@link GRANULARITY_MILLIS}; the timer runs only while there are any.
 */
export class Deadlines<T> {
  readonly #clock: Clock;
  readonly #expired: (elements: T[]) => void;
  readonly #buckets = new Map<number, Set<T>>();
  #swept = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, expired: (elements: T[]) => void) {
    this.#clock = clock;
    this.#expired = expired;
  }

  /** `at` is in the clock's milliseconds. The ticket takes the element out again. */
  add(element: T, at: number): number {
    if (at === Infinity) return Infinity;
    if (this.#buckets.size === 0) this.#swept = Math.floor(this.#clock.now() / GRANULARITY_MILLIS);
    const ticket = Math.max(Math.ceil(at / GRANULARITY_MILLIS), this.#swept + 1);
    const elements = this.#buckets.get(ticket);
    if (elements) elements.add(element);
    else this.#buckets.set(ticket, new Set([element]));
    this.#arm();
    return ticket;
  }

  remove(element: T, ticket: number): void {
    const elements = this.#buckets.get(ticket);
    if (elements?.delete(element) && elements.size === 0) this.#buckets.delete(ticket);
  }

  #arm(): void {
    if (this.#cancelTimer || this.#buckets.size === 0) return;
    // A caller who waits is a reason for the process to live: somebody must tell it the outcome.
    this.#cancelTimer = this.#clock.after(GRANULARITY_MILLIS, () => this.#sweep(), {
      keepsProcessAlive: true,
    });
  }

  #sweep(): void {
    this.#cancelTimer = undefined;
    const now = Math.floor(this.#clock.now() / GRANULARITY_MILLIS);
    const expired: T[] = [];
    // After a long pause of the process it is cheaper to look at the buckets than at the time.
    for (const [bucket, elements] of [...this.#buckets].sort(([a], [b]) => a - b)) {
      if (bucket > now) break;
      this.#buckets.delete(bucket);
      expired.push(...elements);
    }
    this.#swept = Math.max(this.#swept, now);
    this.#arm();
    if (expired.length > 0) this.#expired(expired);
  }
}
