import type { Clock } from '../clock.ts';

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** A clock that stands still until a test lets time pass. */
export class FakeClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();

  constructor(now = 0) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** Timers that have not fired yet. */
  get timers(): number {
    return this.#timers.size;
  }

  /** How long until the next timer fires; Infinity without one. */
  get untilNextTimer(): number {
    return Math.min(...[...this.#timers].map(({ at }) => at - this.#now));
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
      this.#fire(next, next.at);
    }
    // A timer may have let time pass as well.
    this.#now = Math.max(this.#now, end);
  }

  /** Time passes in which no timer can fire, as while a callback runs: what is due fires with the next. */
  drift(millis: number): void {
    this.#now += millis;
  }

  /** The process was stopped for a while: every timer that was due fires late, and only once. */
  pause(millis: number): void {
    this.#now += millis;
    for (const timer of [...this.#timers]) if (timer.at <= this.#now) this.#fire(timer, this.#now);
  }

  #fire(timer: Timer, now: number): void {
    this.#timers.delete(timer);
    this.#now = Math.max(this.#now, now);
    timer.fire();
  }
}
