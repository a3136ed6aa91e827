import type { Checkout } from '../checkout/checkout.ts';
import type { Conversation } from '../checkout/conversation.ts';
import type { Clock } from '../clock.ts';
import {
  awaitsItsReader,
  forgetParsed,
  isQuiet,
  type PgClient,
  sessionStatus,
} from '../pg-internals.ts';
import type { Faces } from './faces.ts';
import type { Lane } from './lane.ts';
import type { ObservedClient } from './observed-client.ts';

/** How long what tidies up behind a holder may take, or a cursor that nobody reads may be left open. */
const TIDY_MILLIS = 1_000;

export interface SettlingSetup {
  /** pg's own `query`, around the gate. */
  readonly query: PgClient['query'];
  readonly clock: Clock;
  /** How long a connection that was given back at work may take to come to rest. */
  readonly restMillis: number;
  /** What a holder leaves in its session is discarded. */
  readonly resetsSession: boolean;
}

export interface SettlingListener {
  readonly client: ObservedClient;
  readonly lane: Lane;
  readonly holders: { readonly faces: Faces };
  /** False as long as something may still strike whoever comes next. */
  readonly maySettle: boolean;
  /** Its last holder left a transaction open, which is being rolled back. */
  abandoned(checkout: Checkout): void;
  /** `now` is left out when it may be later than it was. */
  settled(now?: number): void;
  /** It can't be brought to rest. */
  lost(error: Error): void;
  /** It takes too long, or what was left in it can't be undone. */
  giveUp(): void;
}

/** What a holder has left, as far as it has to be undone. */
export interface Remains {
  /** Nobody has held it yet: it is new. */
  readonly holder: Conversation | undefined;
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
  #isListening = false;
  #cancelTimer: (() => void) | undefined;

  constructor(setup: SettlingSetup, listener: SettlingListener) {
    this.#setup = setup;
    this.#listener = listener;
  }

  /** Often there is nothing to wait for nor to undo: then it has settled `now`. */
  begin(remains: Remains, now?: number): void {
    this.#remains = remains;
    const { holder } = remains;
    if (!isQuiet(this.#listener.client)) {
      // An endless statement or an open cursor must not cost the pool a connection for good.
      if (holder?.isInDialogue) this.#limitDialogue();
      else this.#limit(holder?.hasLeft ? 0 : this.#setup.restMillis);
    } else if (holder && holder.checkout.underWay > 0) {
      // Given back in pg's own callback.
      this.#proceedOnceHeard();
      return;
    }
    this.proceed(now);
  }

  /** pg calls back before the pool hears that the server is ready: this answer is its last holder's, and not the next one's. */
  #proceedOnceHeard(): void {
    process.nextTick(() => this.proceed());
  }

  /** Called again whenever what it waits for may have come. */
  proceed(now?: number): void {
    const { client } = this.#listener;
    const remains = this.#remains;
    if (!remains || !this.#listener.maySettle) return;
    if (!isQuiet(client)) {
      this.#listen();
      return;
    }
    const { holder, wasPrepared } = remains;
    const status = sessionStatus(client);
    const isOpen = status === 'T' || status === 'E';
    const isLeftOpen = holder && (isOpen || holder.isOpening);
    if (isLeftOpen) this.#listener.abandoned(holder.checkout);
    // Of a BEGIN that nothing has followed the server has not heard.
    holder?.forgetOpening();
    if (isOpen) {
      this.#tidy('ROLLBACK', () => {});
    } else if (!holder?.leavesState || !this.#setup.resetsSession) {
      if (holder?.leavesState) this.#listener.lane.renewPrepared();
      this.stop();
      this.#listener.settled(now);
    } else if (wasPrepared) {
      // What the application itself has set would be lost as well: a new one is made as it wants it.
      this.stop();
      this.#listener.giveUp();
    } else {
      this.#tidy('DISCARD ALL', () => {
        holder.leavesState = false;
        forgetParsed(client);
        this.#listener.lane.forgetPrepared();
        this.#listener.holders.faces.renew();
      });
    }
  }

  /** Once it has been heard that the server is ready: until then this is its last holder's. */
  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#listener.client.once('drain', () => {
      this.#isListening = false;
      this.#proceedOnceHeard();
    });
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
      this.#proceedOnceHeard();
    });
  }

  /** A cursor that was left open, and that nobody reads, is not waited for as long as one that is read. */
  #limitDialogue(): void {
    const { client } = this.#listener;
    const { clock, restMillis } = this.#setup;
    const bytes = client.connection?.stream.bytesRead;
    this.#cancelTimer?.();
    this.#cancelTimer = clock.after(TIDY_MILLIS, () => {
      const isLeft = awaitsItsReader(client) && client.connection?.stream.bytesRead === bytes;
      this.#limit(isLeft ? 0 : restMillis - TIDY_MILLIS);
    });
  }

  #limit(millis: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#setup.clock.after(millis, () => {
      this.stop();
      this.#listener.giveUp();
    });
  }
}
