/** How slowly an old minimum is forgotten, so that a change of route is learnt in time. */
const FORGETTING = 0.001;

/**
 * The network's share of a statement's time: the shortest answer that was seen.
 * Taken off, a statement costs the same from far away as from near.
 */
export class RoundTrip {
  #millis = Number.POSITIVE_INFINITY;

  get millis(): number {
    return this.#millis === Number.POSITIVE_INFINITY ? 0 : this.#millis;
  }

  observe(millis: number): void {
    if (millis < this.#millis) this.#millis = millis;
    else this.#millis += FORGETTING * (millis - this.#millis);
  }
}
