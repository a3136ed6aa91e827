/** Of so many probes the shortest counts: a busy process makes them longer, nothing makes them shorter. */
const PROBES_KEPT = 5;
/** How often it is measured anew, so that a change of route is learnt in time. */
const EVERY_MILLIS = 10_000;

/**
 * The network's share of a statement's time, in ms. Taken off, a statement costs the same from far away as
 * from near.
 *
 * It is measured with statements that cost the server nothing. The shortest of the application's own would
 * do only where some of them are short: in a pool of reports it would be the time of a report.
 */
export class RoundTrip {
  #probes: number[] = [];
  /** No statement can be quicker than the way there and back. */
  #bound = Infinity;
  #measuredAt = Number.NEGATIVE_INFINITY;
  #millis = 0;

  /** 0 as long as nothing is known. */
  get millis(): number {
    return this.#millis;
  }

  get isKnown(): boolean {
    return this.#probes.length > 0;
  }

  isDue(now: number): boolean {
    return now - this.#measuredAt >= EVERY_MILLIS;
  }

  /** A probe is on its way. */
  asked(now: number): void {
    this.#measuredAt = now;
  }

  /** A probe was answered. */
  probed(millis: number): void {
    this.#probes = [...this.#probes, millis].slice(-PROBES_KEPT);
    this.#bound = Infinity;
    this.#settle();
  }

  /** A statement was answered that had the connection to itself. */
  observe(millis: number): void {
    if (millis >= this.#bound) return;
    this.#bound = millis;
    this.#settle();
  }

  #settle(): void {
    this.#millis = this.#probes.length === 0 ? 0 : Math.min(this.#bound, ...this.#probes);
  }
}
