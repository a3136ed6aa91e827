import type { Clock } from '../clock.ts';

export interface Reaped {
  /** When the first idle connection is due, in the clock's milliseconds; Infinity: none is. */
  nextDue(): number;
  /** Closes those that are. */
  reap(now: number): void;
}

/** Wakes when an idle connection is due: one timer for all, set for the first of them. */
export class Reaper {
  readonly #clock: Clock;
  readonly #reaped: Reaped;
  #due = Infinity;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, reaped: Reaped) {
    this.#clock = clock;
    this.#reaped = reaped;
  }

  /** Something will be due then; what is due in fact shows when the time has come. */
  arm(due: number): void {
    if (due >= this.#due) return;
    this.#cancel?.();
    this.#due = due;
    const wait = Math.max(1, Math.ceil(due - this.#clock.now()));
    this.#cancel = this.#clock.after(wait, () => this.#wake(due));
  }

  stop(): void {
    this.#cancel?.();
    this.#due = Infinity;
  }

  #wake(due: number): void {
    this.#due = Infinity;
    // Node's timers may fire a fraction of a millisecond early.
    this.#reaped.reap(Math.max(this.#clock.now(), due));
    this.arm(this.#reaped.nextDue());
  }
}
