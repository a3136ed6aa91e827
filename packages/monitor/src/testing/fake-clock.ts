import type { Clock } from '../clock.ts';

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

const START = Date.parse('2026-03-01T12:00:00Z');

/** A clock that stands still until a test lets time pass. It begins at noon. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  wall(): number {
    return START + this.#now;
  }

  /** Timers that have not fired yet. */
  get timers(): number {
    return this.#timers.size;
  }

  after(millis: number, fire: () => void): () => void {
    const timer = { at: this.#now + millis, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass; timers fire in their order, each at its own moment. */
  advance(millis: number): void {
    const end = this.#now + millis;
    for (;;) {
      let next: Timer | undefined;
      for (const timer of this.#timers) if (!next || timer.at < next.at) next = timer;
      if (!next || next.at > end) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fire();
    }
    this.#now = end;
  }
}
