const SLOTS = 10;

/** Events per second over the last ten full seconds. */
export class RateMeter {
  /** None until there was an event. */
  #slots: number[] | undefined;
  readonly #startedAt: number;
  #second = 0;

  constructor(now: number) {
    this.#startedAt = now;
  }

  count(now: number): void {
    const slots = this.#advance(now);
    const slot = this.#second % (SLOTS + 1);
    slots[slot] = (slots[slot] ?? 0) + 1;
  }

  perSecond(now: number): number {
    if (!this.#slots) return 0;
    const slots = this.#advance(now);
    const current = this.#second % (SLOTS + 1);
    const seconds = Math.min(SLOTS, this.#second);
    if (seconds === 0) return slots[current] ?? 0;
    let sum = 0;
    for (let slot = 0; slot <= SLOTS; slot++) if (slot !== current) sum += slots[slot] ?? 0;
    return sum / seconds;
  }

  #advance(now: number): number[] {
    this.#slots ??= new Array<number>(SLOTS + 1).fill(0);
    const second = Math.floor((now - this.#startedAt) / 1_000);
    const steps = Math.min(second - this.#second, SLOTS + 1);
    for (let i = 1; i <= steps; i++) this.#slots[(this.#second + i) % (SLOTS + 1)] = 0;
    this.#second = second;
    return this.#slots;
  }
}
