/** Losses within this time are taken together. */
const WINDOW_MILLIS = 5_000;
const FEWEST_LOSSES = 3;

/**
 * Whether so many connections were lost of late that the others are suspect as well: a failover, a
 * network device that has forgotten them. Then at least as many were lost as are left.
 */
export class Losses {
  #times: number[] = [];

  /** Returns true when those that are left should be replaced; then it begins to count anew. */
  add(now: number, left: number): boolean {
    this.#times = this.#times.filter((time) => now - time <= WINDOW_MILLIS);
    this.#times.push(now);
    if (left === 0 || this.#times.length < Math.max(FEWEST_LOSSES, left)) return false;
    this.#times = [];
    return true;
  }
}
