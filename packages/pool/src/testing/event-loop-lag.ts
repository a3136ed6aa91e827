const TICK_MILLIS = 5;
/** A timer is late by so much without a reason. */
const TOLERANCE_MILLIS = 2;

interface Block {
  readonly from: number;
  readonly to: number;
}

/**
 * Notes when the event loop was held up, by this process's own work or by a busy machine: by so much
 * nobody can blame whoever was late meanwhile.
 */
export class EventLoopLag {
  readonly #blocks: Block[] = [];
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();

  /** `onTick` is called every few milliseconds. */
  constructor(onTick: () => void = () => {}) {
    this.#timer = setInterval(() => {
      this.#look();
      onTick();
    }, TICK_MILLIS);
  }

  /** How long the event loop was held up between two moments of performance.now(), in ms. */
  between(from: number, to: number): number {
    this.#look();
    return this.#blocks.reduce((sum, block) => sum + overlap(block, { from, to }), 0);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    const due = this.#last + TICK_MILLIS;
    if (now - due > TOLERANCE_MILLIS) this.#blocks.push({ from: due, to: now });
    this.#last = now;
  }
}

function overlap(a: Block, b: Block): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}
