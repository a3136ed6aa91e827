import type { Clock } from '../clock.ts';

/** How often it looks: a fifth of the 100 ms by which a caller may learn late of its deadline. */
const EVERY_MILLIS = 20;

/** A connection, as far as it is watched. */
export interface Watched {
  /** Acts on what takes too long; false when nothing is under way. */
  look(now: number): boolean;
}

/**
 * Looks at what is under way: statements that nobody wants any more, that stand in others' way, or
 * whose server has gone silent. One timer for all, which runs while there is anything to see.
 */
export class Watch {
  readonly #clock: Clock;
  readonly #watched: Iterable<Watched>;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, watched: Iterable<Watched>) {
    this.#clock = clock;
    this.#watched = watched;
  }

  arm(): void {
    // After the sockets were read: a pause of this process is not the server's silence.
    this.#cancel ??= this.#clock.after(EVERY_MILLIS, () => setImmediate(() => this.#look()));
  }

  stop(): void {
    this.#cancel?.();
  }

  #look(): void {
    this.#cancel = undefined;
    const now = this.#clock.now();
    let isAnythingUnderWay = false;
    for (const one of [...this.#watched]) if (one.look(now)) isAnythingUnderWay = true;
    if (isAnythingUnderWay) this.arm();
  }
}
