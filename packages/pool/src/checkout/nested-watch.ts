import type { Clock } from '../clock.ts';
import type { Connection } from '../connection/connection.ts';
import type { Connections } from '../connection/connections.ts';
import { CallSite } from '../context/call-site.ts';
import type { CallContext } from '../context/context.ts';
import type { HeldCheckout } from '../context/hold-scope.ts';
import type { PoolEvents } from '../core-setup.ts';
import { type NestedRequest, SelfDeadlockError } from '../errors/index.ts';
import type { Request } from '../queue/request.ts';
import type { PoolStats } from '../stats/pool-stats.ts';
import type { Recorder } from '../stats/recorder.ts';
import { findSelfDeadlock, type NestedWaiter } from './self-deadlock.ts';

/** How often it looks for a deadlock while anybody waits who holds a connection. */
const EVERY_MILLIS = 25;
/** A holder may be given back from outside, by a timer, say: so long nobody may move. */
const STILL_MILLIS = 250;

interface Waiter extends NestedWaiter {
  readonly request: Request;
  readonly described: NestedRequest;
}

export interface NestedWatchSetup {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly events: Pick<PoolEvents, 'nested'>;
  readonly connections: Connections;
  /** No more connections can be lent or opened. */
  readonly isPressed: boolean;
  stats(): PoolStats;
  /** Takes somebody out of the queue. */
  remove(request: Request): void;
}

/** Watches those who hold a connection and wait for another one. */
export class NestedWatch {
  readonly #setup: NestedWatchSetup;
  #waiters: Waiter[] = [];
  /** Who would be refused, and since when. */
  #suspect: { readonly victim: Waiter; readonly since: number } | undefined;
  #cancel: (() => void) | undefined;

  constructor(setup: NestedWatchSetup) {
    this.#setup = setup;
  }

  /** Called with whoever holds a connection and asks for another one, had it or not. */
  notice(context: CallContext | undefined, held: HeldCheckout): NestedRequest {
    const owner = context?.owner;
    // The caller is still on the stack: what it calls by itself, it calls from there.
    const site = `${owner?.site ?? new CallSite()}` || undefined;
    const described = { holder: held.owner, holderSite: held.site, asks: owner?.label, site };
    const found = this.#setup.recorder.nested.notice(described);
    if (found) this.#setup.events.nested(found);
    return described;
  }

  /** Called with everybody of them who has to wait. */
  add(request: Request, held: HeldCheckout, described: NestedRequest): void {
    this.#setup.recorder.nested.waited(described);
    this.#waiters.push({ request, held, enqueuedAt: request.enqueuedAt, described });
    this.#arm();
  }

  stop(): void {
    this.#cancel?.();
  }

  #arm(): void {
    this.#cancel ??= this.#setup.clock.after(EVERY_MILLIS, () => {
      this.#cancel = undefined;
      this.#look();
    });
  }

  #look(): void {
    const { connections, recorder, clock } = this.#setup;
    this.#waiters = this.#waiters.filter(({ request, held }) => request.list && !held.isOver);
    if (this.#waiters.length === 0) return;
    this.#arm();
    const now = clock.now();
    const lent = connections.filter(({ isWhole }) => isWhole).map((one) => asLent(one, now));
    const victim = this.#setup.isPressed ? findSelfDeadlock(lent, this.#waiters) : undefined;
    if (victim !== this.#suspect?.victim) this.#suspect = victim && { victim, since: now };
    if (!victim || !this.#suspect || now - this.#suspect.since < STILL_MILLIS) return;
    recorder.nested.refused(victim.described);
    this.#setup.remove(victim.request);
    const error = new SelfDeadlockError(victim.described, lent.length, {
      stats: this.#setup.stats(),
    });
    victim.request.fail(error);
  }
}

function asLent({ state, checkout }: Connection, now: number) {
  const isIdle = state === 'checkout' && checkout?.headMillis(now) === undefined;
  return { checkout, isIdle };
}
