/**
 * A timer that is late by far less than the millisecond that Node.js's own are late by, which would be
 * half of a short network delay: the last part is spent looking at the clock between events.
 */
export class PreciseTimer {
  readonly #onTime: () => void;
  #timeout: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(onTime: () => void) {
    this.#onTime = onTime;
  }

  /** Calls once when that moment of performance.now() has come; replaces what was set before. */
  set(dueAt: number): void {
    this.clear();
    const remaining = dueAt - performance.now();
    if (remaining <= 0) this.#immediate = setImmediate(this.#onTime);
    else if (remaining < 2) this.#immediate = setImmediate(() => this.set(dueAt));
    else this.#timeout = setTimeout(() => this.set(dueAt), remaining - 1);
  }

  clear(): void {
    clearTimeout(this.#timeout);
    clearImmediate(this.#immediate);
  }
}
