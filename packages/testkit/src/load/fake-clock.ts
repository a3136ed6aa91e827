import { setImmediate as eventsHandled } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** A clock that jumps to the next moment anybody waits for, once everything else has come to rest. */
export class FakeClock implements Clock {
  #now = 0;
  #sleepers: { wakesAt: number; wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(millis: number): Promise<void> {
    if (millis <= 0) return Promise.resolve();
    return new Promise((wake) => this.#sleepers.push({ wakesAt: this.#now + millis, wake }));
  }

  /** Lets time pass until the promise settles. */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = () => {
      isSettled = true;
    };
    promise.then(settled, settled);
    for (;;) {
      await eventsHandled();
      if (isSettled) return promise;
      this.#jump();
    }
  }

  #jump(): void {
    if (this.#sleepers.length === 0)
      throw new Error('Nobody waits for time: it would never settle');
    this.#now = Math.min(...this.#sleepers.map(({ wakesAt }) => wakesAt));
    const due = this.#sleepers.filter(({ wakesAt }) => wakesAt <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ wakesAt }) => wakesAt > this.#now);
    for (const { wake } of due) wake();
  }
}
