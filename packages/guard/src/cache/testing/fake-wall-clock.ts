import { setImmediate as eventsHandled } from 'node:timers/promises';
import type { WallClock } from '../../time/wall-clock.ts';

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** A clock that stands still until a test lets time pass. */
export class FakeWallClock implements WallClock {
  #now: number;
  readonly #timers = new Set<Timer>();

  constructor(now = Date.UTC(2030, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
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

  /** Lets time pass, each timer at its own moment, and then everything come to rest. */
  async advance(millis: number): Promise<void> {
    const end = this.#now + millis;
    for (;;) {
      await settled();
      let next: Timer | undefined;
      for (const timer of this.#timers) if (!next || timer.at < next.at) next = timer;
      if (!next || next.at > end) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fire();
    }
    this.#now = end;
    await settled();
  }
}

/** Lets all that needs no time happen. */
export async function settled(): Promise<void> {
  await eventsHandled();
  await eventsHandled();
}
