const FIRST_MILLIS = 10;
/** Back to work within a second of the server's return, the login included. */
const LONGEST_MILLIS = 500;

/** How long to leave a server alone that refuses connections: doubling, with jitter. */
export class BackOff {
  #failures = 0;
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Nothing has failed since the last success. */
  get isFresh(): boolean {
    return this.#failures === 0;
  }

  /** Half of it is jitter, so that the instances of a service don't come back as one. */
  next(): number {
    const full = Math.min(LONGEST_MILLIS, FIRST_MILLIS * 2 ** this.#failures++);
    return full / 2 + (this.#random() * full) / 2;
  }

  reset(): void {
    this.#failures = 0;
  }
}
