/** How many loads may run at once; who finds no slot waits its turn. */
export class RefreshSlots {
  readonly #max: number;
  #taken = 0;
  /** In the order that they came; a Set, so that one that gives up leaves at once. */
  readonly #waiting = new Set<() => void>();

  constructor(max: number) {
    this.#max = max;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get isFree(): boolean {
    return this.#taken < this.#max;
  }

  tryTake(): boolean {
    if (!this.isFree) return false;
    this.#taken += 1;
    return true;
  }

  /** Lines up for a slot: calls `then` when it has one. Returns what gives up waiting. */
  line(then: () => void): () => void {
    this.#waiting.add(then);
    return () => this.#waiting.delete(then);
  }

  /** Hands the slot to whoever waits longest. */
  release(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#taken -= 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
