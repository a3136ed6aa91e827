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
    const { recorder, events, options, clock } = this.#setup;
    const waitMillis = now - request.enqueuedAt;
    recorder.served(waitMillis);
    const id = ++recorder.counts.checkouts;
    const holder = connection.lend(request.context, now);
    const { client, checkout } = holder;
    checkout.id = id;
    checkout.callSite = request.callSite;
    checkout.lender = this;
    request.context?.hold?.bind(checkout);
    const release = (error?: unknown) => {
      if (checkout.isOver) {
        if (checkout.isReclaimed) return;
        releasedAlready();
      }
      // An idle client must not keep alive what its last holder knew, its context above all.
      client.release = releasedAlready;
      this.#release(connection, holder, error);
      const { heldMillis, idleMillis } = checkout.times(clock.now());
      request.context?.owner?.spent?.(waitMillis, heldMillis - idleMillis);
    };
    if (options.leakThresholdMillis > 0) {
      checkout.stopWatching = this.#watchForLeak(connection, holder);
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

  /** Ends a checkout whose holder does not; false: it can't be missed, for it has made room for others. */
  reclaim(connection: Connection, holder: Conversation): boolean {
    const { checkout } = holder;
    if (checkout.isOver || holder.hasParted) return false;
    checkout.isReclaimed = true;
    // Its holder may go on to use the client: that must be nobody else's by then.
    this.#release(connection, holder, new Error('taken back from its holder'));
    return true;
  }

  #release(connection: Connection, holder: Conversation, error: unknown): void {
    const { recorder, clock, events } = this.#setup;
    holder.checkout.stopWatching?.();
    const now = clock.now();
    const { checkout } = holder;
    recorder.checkoutEnded(checkout.owner, checkout.times(now), () => checkout.pauseAt(now));
    checkout.isOver = true;
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
  #watchForLeak(connection: Connection, holder: Conversation): () => void {
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
      if (reclaims) this.reclaim(connection, holder);
    });
    return () => {
      cancel();
      if (isTold) events.leakEnded(leak(checkout.isReclaimed));
    };
  }
}

function releasedAlready(): never {
  // pg-pool's words.
  throw new Error('Release called on client which has already been released to the pool.');
}
