import type { Checkout } from '../checkout/checkout.ts';
import type { Clock } from '../clock.ts';
import { forgetParsed, isQuiet, type PgClient } from '../pg-internals.ts';
import type { ObservedClient } from './observed-client.ts';

/** And how long what tidies up behind a holder may take. */
const TIDY_MILLIS = 1_000;

export interface SettlingSetup {
  /** pg's own `query`, around the gate. */
  readonly query: PgClient['query'];
  readonly clock: Clock;
  /** How long a connection that was given back at work may take to come to rest. */
  readonly restMillis: number;
}

export interface SettlingListener {
  readonly client: ObservedClient;
  /** False as long as something may still strike whoever comes next. */
  readonly maySettle: boolean;
  /** Its last holder left a transaction open, which is being rolled back. */
  abandoned(checkout: Checkout): void;
  /** The server has forgotten prepared statements and settings. */
  discarded(): void;
  /** `now` is left out when it may be later than it was. */
  settled(now?: number): void;
  /** It can't be brought to rest. */
  lost(error: Error): void;
  /** It takes too long, or what was left in it can't be undone. */
  close(): void;
}

/** What a holder has left, as far as it has to be undone. */
export interface Remains {
  readonly checkout: Checkout | undefined;
  /** Settings, locks, temporary tables. */
  readonly leftState: boolean;
  /** The application prepared the session when it was new: that must not be undone. */
  readonly wasPrepared: boolean;
}

/**
 * From a holder's release until the connection is anybody's: waits for statements that nobody awaited,
 * rolls back a transaction that was left open, discards what was left in the session.
 */
export class Settling {
  readonly #setup: SettlingSetup;
  readonly #listener: SettlingListener;
  #remains: Remains | undefined;
  /** What was left is being undone: it will not be long. */
  isTidying = false;
  #cancelTimer: (() => void) | undefined;

  constructor(setup: SettlingSetup, listener: SettlingListener) {
    this.#setup = setup;
    this.#listener = listener;
  }

  /** Often there is nothing to wait for nor to undo: then it has settled `now`. */
  begin(remains: Remains, now?: number): void {
    this.#remains = remains;
    // An endless statement or an open cursor must not cost the pool a connection for good.
    if (!isQuiet(this.#listener.client)) this.#limit(this.#setup.restMillis);
    this.proceed(now);
  }

  /** Called again whenever what it waits for may have come. */
  proceed(now?: number): void {
    const { client } = this.#listener;
    const remains = this.#remains;
    if (!remains || !this.#listener.maySettle) return;
    if (!isQuiet(client)) {
      client.once('drain', () => this.proceed());
      return;
    }
    const status = client.getTransactionStatus?.();
    if (status === 'T' || status === 'E') {
      if (remains.checkout) this.#listener.abandoned(remains.checkout);
      this.#tidy('ROLLBACK', () => {});
    } else if (!remains.leftState) {
      this.stop();
      this.#listener.settled(now);
    } else if (remains.wasPrepared) {
      // What the application itself has set would be lost as well: a new one is made as it wants it.
      this.stop();
      this.#listener.close();
    } else {
      this.#tidy('DISCARD ALL', () => {
        this.#remains = { ...remains, leftState: false };
        forgetParsed(client);
        this.#listener.discarded();
      });
    }
  }

  stop(): void {
    this.#remains = undefined;
    this.isTidying = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #tidy(command: string, done: () => void): void {
    this.isTidying = true;
    this.#limit(TIDY_MILLIS);
    this.#setup.query.call(this.#listener.client, command, (error: Error | undefined) => {
      if (!this.#remains) return;
      if (error) {
        this.stop();
        this.#listener.lost(error);
        return;
      }
      done();
      this.proceed();
    });
  }

  #limit(millis: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#setup.clock.after(millis, () => {
      this.stop();
      this.#listener.close();
    });
  }
}
