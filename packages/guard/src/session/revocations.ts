/** Far more than are revoked in a day; at about 100 bytes each. */
const MAX_REMEMBERED = 100_000;

/** What was revoked lately. It is remembered for a time, and if there is too much of it, that there was more. */
export class Revocations {
  readonly #keepMillis: number;
  readonly #max: number;
  /** By fingerprint, the oldest first. */
  readonly #revoked = new Map<string, number>();
  #forgottenUntil = Number.NEGATIVE_INFINITY;

  constructor(keepMillis: number, max = MAX_REMEMBERED) {
    this.#keepMillis = keepMillis;
    this.#max = max;
  }

  get size(): number {
    return this.#revoked.size;
  }

  /** Something that was revoked until then is forgotten before its time. */
  get forgottenUntil(): number {
    return this.#forgottenUntil;
  }

  at(key: string): number | undefined {
    return this.#revoked.get(key);
  }

  add(key: string, at: number, now: number): void {
    this.#revoked.delete(key);
    this.#revoked.set(key, at);
    for (const [oldest, revokedAt] of this.#revoked) {
      const isOver = now - revokedAt >= this.#keepMillis;
      if (!isOver && this.#revoked.size <= this.#max) break;
      if (!isOver) this.#forgottenUntil = Math.max(this.#forgottenUntil, revokedAt);
      this.#revoked.delete(oldest);
    }
  }
}
