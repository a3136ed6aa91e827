/** How one direction of a connection carries bytes. */
export interface LinkConditions {
  /** One-way delay; 0 for none. */
  readonly delayMillis: number;
  /** Bandwidth; Infinity for no limit. */
  readonly bytesPerSecond: number;
}

/**
 * When bytes that were sent arrive: after the delay, one after the other as bandwidth allows, never out of
 * order. Delayed bytes overlap as on a real line, so that delay alone doesn't limit throughput.
 */
export class LinkSchedule {
  #lineFreeAt = 0;
  #lastArrivesAt = 0;

  /** @returns when the last of these bytes arrives, on the same clock as `nowMillis`. */
  arrivesAt(nowMillis: number, bytes: number, conditions: LinkConditions): number {
    const { delayMillis, bytesPerSecond } = conditions;
    const sentAt = Math.max(nowMillis, this.#lineFreeAt) + (bytes / bytesPerSecond) * 1_000;
    this.#lineFreeAt = sentAt;
    this.#lastArrivesAt = Math.max(sentAt + delayMillis, this.#lastArrivesAt);
    return this.#lastArrivesAt;
  }

  /** Forgets what is on the line: what comes next is not held up by it. */
  clear(): void {
    this.#lineFreeAt = 0;
    this.#lastArrivesAt = 0;
  }
}
