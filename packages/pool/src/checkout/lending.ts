import type { Clock } from '../clock.ts';
import type { Connection } from '../connection/connection.ts';
import type { PoolEvents } from '../core-setup.ts';
import type { PoolOptions } from '../options/index.ts';
import type { PgClient } from '../pg-internals.ts';
import type { CheckoutRequest } from '../queue/checkout-request.ts';
import type { Recorder } from '../stats/recorder.ts';
import type { Conversation } from './conversation.ts';

export interface LendingSetup {
  readonly options: PoolOptions;
  readonly clock: Clock;
  readonly events: PoolEvents;
  readonly recorder: Recorder;
  /** A connection was given back that can't be used any more: its place is free. */
  freed(): void;
}

/** Checkouts from the hand-over to the release, and those that are never released. */
export class Lending {
  readonly #setup: LendingSetup;

  constructor(setup: LendingSetup) {
    this.#setup = setup;
  }

  lend(request: CheckoutRequest, connection: Connection, now: number): void {
    const { recorder, events, options } = this.#setup;
    recorder.served(now - request.enqueuedAt);
    recorder.counts.checkouts++;
    const holder = connection.lend(request.context, now);
    const { client, checkout } = holder;
    checkout.callSite = request.callSite;
    checkout.lender = this;
    request.context?.hold?.bind(checkout);
    let stopWatching: (() => void) | undefined;
    let isReclaimed = false;
    const release = (error?: unknown) => {
      if (checkout.isOver) {
        // Taken back as a leak: its holder can't know.
        if (isReclaimed) return;
        releasedAlready();
      }
      stopWatching?.();
      // An idle client must not keep alive what its last holder knew, its context above all.
      client.release = releasedAlready;
      this.#release(connection, holder, error);
    };
    if (options.leakThresholdMillis > 0) {
      stopWatching = this.#watchForLeak(connection, holder, () => {
        isReclaimed = true;
      });
    }
    client.release = release;
    this.use(client);
    events.acquire(client);
    request.lend(client);
  }

  /** Somebody begins to use the client. */
  use(client: PgClient): void {
    if (this.#setup.options.allowExitOnIdle) client.ref?.();
  }

  #release(connection: Connection, holder: Conversation, error: unknown): void {
    const { recorder, clock, events } = this.#setup;
    const now = clock.now();
    recorder.checkoutEnded(holder.checkout.owner, holder.checkout.times(now));
    holder.checkout.isOver = true;
    events.release(error, holder.client);
    if (!error && connection.holders.isUsable) {
      connection.giveBack(holder, now);
      return;
    }
    connection.discard(holder);
    // One less is lent: whoever waits for that need not wait for the server's goodbye.
    this.#setup.freed();
  }

  /** Tells of a checkout that lasts too long, and again when it has ended after all. */
  #watchForLeak(connection: Connection, holder: Conversation, reclaimed: () => void): () => void {
    const { clock, events, recorder, options } = this.#setup;
    const { checkout } = holder;
    const leak = (isReclaimed: boolean) => ({
      ...checkout.describe(clock.now()),
      stack: checkout.callSite?.stack,
      reclaimed: isReclaimed,
    });
    let isTold = false;
    const cancel = clock.after(options.leakThresholdMillis, () => {
      isTold = true;
      recorder.counts.leaks++;
      // A holder who has made room for others holds nothing that they could miss.
      const reclaims = options.reclaimLeaks && !holder.hasParted;
      events.leak(leak(reclaims), checkout);
      if (!reclaims || checkout.isOver) return;
      reclaimed();
      // What it still runs would keep the connection busy for nobody.
      const isBusy = checkout.headMillis(clock.now()) !== undefined;
      this.#release(connection, holder, isBusy ? new Error('taken back as a leak') : undefined);
    });
    return () => {
      cancel();
      if (isTold) events.leakEnded(leak(false));
    };
  }
}

function releasedAlready(): never {
  // pg-pool's words.
  throw new Error('Release called on client which has already been released to the pool.');
}
