import type { Checkout } from '../../checkout/checkout.ts';
import type { Connection } from '../../connection/connection.ts';
import type { Holders } from '../../connection/holders.ts';
import { GATE, type ObservedClient } from '../../connection/observed-client.ts';
import { type Pace, SHORT_MILLIS } from '../../statement/profiles.ts';
import type { FakeSession } from '../fake-server.ts';
import type { Call } from './call.ts';

/** A statement that was given to a client and has no answer yet. */
export type Sent =
  | { readonly by: 'lane'; readonly call: Call; readonly pace: Pace; readonly sentAt: number }
  | { readonly by: 'holder' | 'pool' };

export interface Hold {
  readonly view: ClientView;
  /** Who has it; a statement that needs a session gives it back by itself. */
  readonly call: Call;
  readonly checkout: Checkout | undefined;
  readonly since: number;
  readonly release: (error?: Error) => void;
  leaks: number;
}

/** One connection as it looks from outside of the pool. */
export class ClientView {
  readonly client: ObservedClient;
  readonly session: FakeSession;
  readonly wire: Sent[] = [];
  hold: Hold | undefined;
  isLoggedIn = false;
  /** Statements that were answered and checkouts. */
  uses = 0;
  readonly openedAt: number;
  idleSince: number | undefined;
  lastReadyAt = 0;

  constructor(client: ObservedClient, session: FakeSession, openedAt: number) {
    this.openedAt = openedAt;
    this.client = client;
    this.session = session;
  }

  get isClosing(): boolean {
    return this.session.destroyed || this.session.writableEnded || this.session.readableEnded;
  }

  get isOpen(): boolean {
    return this.isLoggedIn && !this.isClosing;
  }

  get isIdle(): boolean {
    return this.isOpen && !this.hold && this.wire.length === 0 && this.session.status === 'I';
  }

  /** Given back, but its last holder's statements are not yet done. */
  get isSettling(): boolean {
    return this.#isAwaited && this.uses > 0;
  }

  /** Logged in, but what the application greets it with has no answer yet. */
  get isBeginning(): boolean {
    return this.#isAwaited && this.uses === 0;
  }

  /** What its last holder has left is being undone: it is worth waiting for. */
  get isTidied(): boolean {
    return this.isSettling && this.wire.some(({ by }) => by === 'pool');
  }

  get #isAwaited(): boolean {
    return this.isOpen && !this.hold && this.wire.some(({ by }) => by !== 'lane');
  }

  get isWhole(): boolean {
    return this.hold !== undefined || this.isSettling || (this.isOpen && this.cap === 'long');
  }

  /** The pace of the last statement on the lane, when it is not short. */
  get cap(): Pace | undefined {
    const last = this.wire.at(-1);
    return last?.by === 'lane' && last.pace !== 'short' ? last.pace : undefined;
  }

  /** How the pool sees it: whether a statement is overdue depends on what it has learnt. */
  get #connection(): Connection {
    return (this.client[GATE] as Holders).connection as Connection;
  }

  get checkout(): Checkout | undefined {
    return this.#connection.checkout;
  }

  isOverdue(now: number): boolean {
    return this.#connection.lane.isOverdue(now);
  }

  /** Whether a short statement may be sent here, if nobody is preferred. */
  takesShorts(now: number, depth: number): boolean {
    const isShared = this.isOpen && !this.hold && this.wire.every(({ by }) => by === 'lane');
    if (!isShared || this.cap || this.wire.length >= depth) return false;
    const { lane, retiring } = this.#connection;
    return !this.#mayBeOverdue(now) && !retiring && !lane.mayStrike;
  }

  /** Up to this no statement is overdue, whatever was learnt of it and of the network. */
  #mayBeOverdue(now: number): boolean {
    const [head] = this.wire;
    const since = head?.by === 'lane' ? Math.max(head.sentAt, this.lastReadyAt) : now;
    return now - since > SHORT_MILLIS;
  }
}
