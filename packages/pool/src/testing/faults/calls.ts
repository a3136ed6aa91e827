import type { EventLoopLag } from '../event-loop-lag.ts';

/** How late a caller may learn that its deadline has passed. */
const LATENESS_MILLIS = 100;
/** What timers are late by, that of the pool and that of the lag: too little to be counted as lag. */
const TIMERS_MILLIS = 15;
/** A call this late is stuck: nobody waits for it any longer. */
const STUCK_MILLIS = 1_500;
const POLL_MILLIS = 5;

/** One thing that was asked of the pool. Times are those of performance.now(), in ms. */
export interface Call {
  readonly name: string;
  readonly startedAt: number;
  readonly deadline: number;
  settledAt: number | undefined;
  error: unknown;
}

/** All that was asked of the pool, and how late each call was settled. */
export class Calls {
  readonly all: Call[] = [];
  /** No call that was begun before has a later deadline: the pool is cut off then. */
  latest = Infinity;
  readonly #lag: EventLoopLag;
  #flows = 0;

  constructor(lag: EventLoopLag) {
    this.#lag = lag;
  }

  /** Notes when it settles; passes on what it settles to. */
  async track<T>(name: string, deadline: number, promise: PromiseLike<T>): Promise<T> {
    const call: Call = {
      name,
      startedAt: performance.now(),
      deadline,
      settledAt: undefined,
      error: undefined,
    };
    this.all.push(call);
    try {
      return await promise;
    } catch (error) {
      call.error = error;
      throw error;
    } finally {
      call.settledAt = performance.now();
    }
  }

  /** Calls that follow one another; its errors are its calls' own. */
  flow(run: () => Promise<unknown>): void {
    this.#flows++;
    const done = () => this.#flows--;
    run().then(done, done);
  }

  /** Resolves when all that was begun has come to its end, or some call of it is stuck. */
  async settle(): Promise<void> {
    while (this.#flows > 0 && !this.#isStuck()) await pause();
  }

  #isStuck(): boolean {
    return this.all.some(
      (call) => call.settledAt === undefined && this.#lateness(call) > STUCK_MILLIS,
    );
  }

  /** How long after its deadline a call was settled, without the event loop's share in it. */
  #lateness({ deadline, startedAt, settledAt = performance.now() }: Call): number {
    const due = Math.max(Math.min(deadline, this.latest), startedAt);
    // A timer that was to fire just before the deadline may have been held up as well.
    return settledAt - due - this.#lag.between(due - LATENESS_MILLIS, settledAt);
  }

  /** By how much the latest was late; below 0: all were settled in time. */
  latestMillis(): number {
    return Math.max(...this.all.map((call) => this.#lateness(call)));
  }

  violations(): string[] {
    return this.all.flatMap((call) => {
      const late = Math.round(this.#lateness(call));
      if (call.settledAt === undefined)
        return [`${call.name}: stuck, ${late} ms past its deadline`];
      if (late > LATENESS_MILLIS + TIMERS_MILLIS)
        return [`${call.name}: settled ${late} ms past its deadline`];
      return [];
    });
  }
}

export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
}
