import { AsyncResource } from 'node:async_hooks';
import type { PgQuery } from '../pg-internals.ts';
import { callbackOf } from './said.ts';

/** How long a statement may wait until it is sent, in the clock's milliseconds. */
export interface Patience {
  readonly since: number;
  readonly until: number;
}

interface Held extends Patience {
  readonly run: () => void;
  readonly fail: (error: Error) => void;
}

/** What a holder has said and what could not be sent yet: it goes out in its order, or none of it does. */
export class HeldStatements {
  readonly #held: Held[] = [];

  get length(): number {
    return this.#held.length;
  }

  /** `say` sends it with the given callback; its caller is answered as pg does it. */
  add(
    config: unknown,
    values: unknown,
    callback: unknown,
    patience: Patience,
    say: (callback: unknown) => unknown,
  ): unknown {
    const keep = (run: () => void, fail: (error: Error) => void) =>
      void this.#held.push({ ...patience, run: AsyncResource.bind(run), fail });
    const submittable = config as PgQuery | null;
    if (typeof submittable?.submit === 'function') {
      keep(
        () => say(callback),
        (error) => submittable.handleError(error, undefined),
      );
      return config;
    }
    const own = callbackOf(config, values, callback);
    if (own) {
      keep(
        () => say(callback),
        AsyncResource.bind((error: Error) => own(error)),
      );
      return undefined;
    }
    return new Promise((resolve, reject) => {
      keep(() => resolve(say(undefined)), reject);
    });
  }

  /** What the pool itself has to say, however long it has to wait. */
  addOwn(run: () => void): void {
    this.#held.push({ since: 0, until: Infinity, run, fail: () => {} });
  }

  sendNext(): void {
    const next = this.#held.shift();
    try {
      next?.run();
    } catch (error) {
      // What pg does not take it throws, and there is nobody here to catch it.
      next?.fail(error as Error);
    }
  }

  /** Once one of them has waited too long: those behind it may not go without it. */
  isLate(now: number): boolean {
    return this.#held.some(({ until }) => now >= until);
  }

  /** `make` is given how long it has waited. */
  refuse(now: number, make: (waitMillis: number) => Error): void {
    for (const { since, fail } of this.#held.splice(0)) fail(make(now - since));
  }
}
