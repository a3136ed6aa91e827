import type { Clock } from './clock.ts';
import type { Connections } from './connection/connections.ts';
import { LONGEST_TIMER_MILLIS } from './options/numbers.ts';

export interface EndingSetup {
  readonly clock: Clock;
  readonly connections: Connections;
  /** Somebody still waits, or has still to be told. */
  readonly isAnybodyLeft: boolean;
  /** Refuses whoever still waits. */
  refuseAll(): void;
  ended(): void;
}

/**
 * The end of a pool: those who wait are served, what nobody needs any more is closed, and after a while
 * the rest is refused and cut.
 */
export class Ending {
  hasBegun = false;
  #isOver = false;
  readonly #setup: EndingSetup;

  constructor(setup: EndingSetup) {
    this.#setup = setup;
  }

  /** Asked again, the shorter time counts. */
  begin(timeoutMillis: number): void {
    const { clock, connections } = this.#setup;
    this.hasBegun = true;
    connections.keepNone();
    if (timeoutMillis <= LONGEST_TIMER_MILLIS) clock.after(timeoutMillis, () => this.#cut());
    this.proceed();
  }

  /** Closes what nobody needs any more, and says so when nothing is left. */
  proceed(): void {
    if (!this.hasBegun || this.#isOver || this.#setup.isAnybodyLeft) return;
    const { connections } = this.#setup;
    for (const connection of connections.filter(({ isIdle }) => isIdle)) connection.close();
    if (connections.length > 0) return;
    this.#isOver = true;
    connections.stop();
    this.#setup.ended();
  }

  #cut(): void {
    if (this.#isOver) return;
    this.#setup.refuseAll();
    for (const connection of [...this.#setup.connections]) {
      connection.close();
      // Also one that waits for the server's goodbye.
      connection.client.connection?.stream.destroy();
    }
    this.proceed();
  }
}
