import type { Clock } from '../clock.ts';

/** How late a deadline may be noticed; a quarter of the 100 ms that a caller is promised. */
const GRANULARITY_MILLIS = 25;
/** More than these are noticed in several turns of the event loop: to take each out costs a little too. */
export const MOST_AT_ONCE = 2_500;

/** What an element needs to have a deadline: {@link Deadlines} owns these three fields. */
export interface Due<T extends Due<T>> {
  bucket: Bucket<T> | undefined;
  before: T | undefined;
  after: T | undefined;
}

/** Elements whose deadlines are noticed together, in the order in which they came. */
export interface Bucket<T> {
  head: T | undefined;
  tail: T | undefined;
}

/**
 * Tells when deadlines have passed: one timer for all, O(1) to add and to remove, and nothing is made
 * for an element.
 *
 * Deadlines stand in buckets of {@link GRANULARITY_MILLIS}; the timer runs only while there are any.
 */
export class Deadlines<T extends Due<T>> {
  readonly #clock: Clock;
  readonly #expired: (elements: T[]) => void;
  /** None while nobody waits. */
  #buckets: Map<number, Bucket<T>> | undefined;
  #size = 0;
  #swept = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, expired: (elements: T[]) => void) {
    this.#clock = clock;
    this.#expired = expired;
  }

  /** `at` is in the clock's milliseconds. */
  add(element: T, at: number): void {
    if (at === Infinity) return;
    let buckets = this.#buckets;
    if (!buckets || this.#size === 0) {
      this.#swept = this.#ticks();
      buckets = new Map();
      this.#buckets = buckets;
    }
    const tick = Math.max(Math.ceil(at / GRANULARITY_MILLIS), this.#swept + 1);
    let bucket = buckets.get(tick);
    if (!bucket) {
      bucket = { head: undefined, tail: undefined };
      buckets.set(tick, bucket);
    }
    element.bucket = bucket;
    element.before = bucket.tail;
    if (bucket.tail) bucket.tail.after = element;
    else bucket.head = element;
    bucket.tail = element;
    this.#size++;
    this.#arm(GRANULARITY_MILLIS);
  }

  remove(element: T): void {
    const { bucket, before, after } = element;
    if (!bucket) return;
    if (before) before.after = after;
    else bucket.head = after;
    if (after) after.before = before;
    else bucket.tail = before;
    element.bucket = undefined;
    element.before = undefined;
    element.after = undefined;
    this.#size--;
  }

  #ticks(): number {
    return Math.floor(this.#clock.now() / GRANULARITY_MILLIS);
  }

  #arm(millis: number): void {
    if (this.#cancelTimer || this.#size === 0) return;
    // A caller who waits is a reason for the process to live: somebody must tell it the outcome.
    this.#cancelTimer = this.#clock.after(millis, () => this.#sweep(), { keepsProcessAlive: true });
  }

  #sweep(): void {
    this.#cancelTimer = undefined;
    const buckets = this.#buckets;
    if (!buckets) return;
    const now = this.#ticks();
    const expired: T[] = [];
    for (const tick of this.#ticksUntil(now, buckets)) {
      const bucket = buckets.get(tick);
      while (bucket?.head && expired.length < MOST_AT_ONCE) {
        expired.push(bucket.head);
        this.remove(bucket.head);
      }
      if (bucket?.head) break;
      buckets.delete(tick);
      this.#swept = tick;
    }
    if (this.#size === 0) this.#buckets = undefined;
    const isDone = expired.length < MOST_AT_ONCE;
    if (isDone) this.#swept = Math.max(this.#swept, now);
    this.#arm(isDone ? GRANULARITY_MILLIS : 0);
    if (expired.length > 0) this.#expired(expired);
  }

  #ticksUntil(now: number, buckets: ReadonlyMap<number, unknown>): number[] {
    const ticks = now - this.#swept;
    // After a long pause of the process it is cheaper to look at the buckets than at the time.
    if (ticks > buckets.size) {
      return [...buckets.keys()].filter((tick) => tick <= now).sort((a, b) => a - b);
    }
    return Array.from({ length: Math.max(0, ticks) }, (_, i) => this.#swept + 1 + i);
  }
}
