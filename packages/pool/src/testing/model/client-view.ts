import type { Checkout } from '../../checkout/checkout.ts';
import type { Connection } from '../../connection/connection.ts';
import type { Holders } from '../../connection/holders.ts';
import { GATE, type ObservedClient } from '../../connection/observed-client.ts';
import { type Pace, SHORT_MILLIS } from '../../statement/profiles.ts';
import type { FakeSession } from '../fake-session.ts';
import type { Call } from './call.ts';
import type { Hold } from './hold.ts';

/** Until then a statement takes no longer than it was expected to. */
const OVERDUE_FACTOR = 4;

/** A statement that was given to a client and has no answer yet. */
export type Sent =
  | {
      readonly by: 'lane';
      readonly call: Call;
      readonly pace: Pace;
      readonly sentAt: number;
      readonly expectedMillis: number;
    }
  | { readonly by: 'holder'; readonly call: Call; readonly hold: Hold }
  | { readonly by: 'pool' | 'application' }
  /** A question that costs the server nothing. */
  | { readonly by: 'probe'; readonly sentAt: number };

/** One connection as it looks from outside of the pool. */
export class ClientView {
  readonly client: ObservedClient;
  readonly session: FakeSession;
  readonly #sent: Sent[] = [];
  /** To whom it is lent; the last one has it, the others have parted. */
  holds: Hold[] = [];
  isLoggedIn = false;
  /** When it was open for work. */
  begunAt: number | undefined;
  /** Statements that were answered and checkouts. */
  uses = 0;
  readonly openedAt: number;
  idleSince: number | undefined;
  lastReadyAt = 0;
  /** It is to go as soon as it has nothing to do. */
  isRetiring = false;
  /** A cancel request was given up of which nobody knows whether it still comes: it may strike a holder who wants it back. */
  mayBeStruckLate = false;
  /** Its holder has given it back, and nobody has had it since. */
  #isGivenBack = false;
  /** So much had no answer yet when it was given back. */
  #owed = 0;
  /** Who has had it last. */
  lastHold: Hold | undefined;
  isEndedByHolder = false;
  /** A cancel request for it is on its way. */
  isCancelling = false;
  /** Since then it might strike whatever is run. */
  cancelAskedAt = Number.NEGATIVE_INFINITY;

  /** The first is 1. */
  readonly number: number;

  constructor(client: ObservedClient, session: FakeSession, openedAt: number, number: number) {
    this.openedAt = openedAt;
    this.client = client;
    this.session = session;
    this.number = number;
  }

  lend(hold: Hold): void {
    this.holds.push(hold);
    this.lastHold = hold;
    this.uses++;
    this.#isTaken(hold.since);
  }

  /** Without the pool's questions: nobody has to wait for those. */
  get wire(): Sent[] {
    return this.#sent.filter(({ by }) => by !== 'probe');
  }

  get lane(): Extract<Sent, { by: 'lane' }>[] {
    return this.#sent.filter((sent) => sent.by === 'lane');
  }

  write(sent: Sent): void {
    this.#sent.push(sent);
    if (sent.by === 'lane') this.#isTaken(sent.sentAt);
    // Only a connection that is open for work is asked anything.
    if (sent.by === 'probe') this.begunAt ??= sent.sentAt;
  }

  giveBack(): void {
    this.#isGivenBack = true;
    this.#owed = this.#sent.length;
  }

  #isTaken(now: number): void {
    this.begunAt ??= now;
    this.#isGivenBack = false;
    this.#owed = 0;
    this.idleSince = undefined;
  }

  /** The server is ready again: the oldest one is answered. */
  answered(): Sent | undefined {
    if (this.#owed > 0) this.#owed--;
    return this.#sent.shift();
  }

  /** Something has no answer yet. */
  get isBusy(): boolean {
    return this.#sent.length > 0;
  }

  /** The server is to answer its holder something, and still can. */
  isAskedBy(hold: Hold): boolean {
    return this.isOpen && this.wire.some((sent) => sent.by === 'holder' && sent.hold === hold);
  }

  /** Its last holder has given it back, and what it has said before is still to be sent. */
  get isOwing(): boolean {
    return this.lastHold?.calls.some(({ state }) => state === 'said') === true;
  }

  get hasBegun(): boolean {
    return this.begunAt !== undefined;
  }

  get isOpen(): boolean {
    return this.isLoggedIn && !this.session.isOver;
  }

  /** Who has it now. */
  get current(): Hold | undefined {
    return this.holds.find(({ hasParted }) => !hasParted);
  }

  /** What the server is at is the end of a transaction: the next one may begin behind it. */
  get hasEndAhead(): boolean {
    const [head, ...more] = this.wire;
    if (head?.by !== 'holder') return false;
    const isEnd = head.call.kind === 'commit' || head.call.kind === 'rollback';
    return isEnd && (head.hold.hasParted || more.length === 0);
  }

  /** Whether a holder has made room, or has it again, only the pool knows; that it may, everybody sees. */
  noteParting(): void {
    const { current, checkout } = this;
    if (current) {
      if (this.hasEndAhead && current.checkout !== checkout) current.hasParted = true;
      return;
    }
    const returned =
      this.lane.length === 0 && this.holds.find((hold) => hold.checkout === checkout);
    if (returned) returned.hasParted = false;
  }

  get isIdle(): boolean {
    return (
      this.isOpen &&
      this.hasBegun &&
      this.holds.length === 0 &&
      this.wire.length === 0 &&
      !this.isCancelling &&
      !this.isSettling &&
      this.session.backend.status === 'I'
    );
  }

  /** Given back, but not all has been answered that was sent before, or it may be struck for that. */
  get isSettling(): boolean {
    if (!this.isOpen || !this.#isGivenBack || this.current) return false;
    return this.wire.length > 0 || this.#owed > 0 || this.isCancelling;
  }

  /** Logged in, but what the application greets it with has no answer yet. */
  get isBeginning(): boolean {
    return this.isOpen && !this.hasBegun;
  }

  /** What its last holder has left is being undone: it is worth waiting for. */
  get isTidied(): boolean {
    return this.isSettling && this.wire.some(({ by }) => by === 'pool');
  }

  get isWhole(): boolean {
    return this.current !== undefined || this.isSettling || (this.isOpen && this.cap === 'long');
  }

  /** The pace of the last statement on the lane, when it is not short. */
  get cap(): Pace | undefined {
    const last = this.lane.at(-1);
    return last && last.pace !== 'short' ? last.pace : undefined;
  }

  /** Of the one who has it, as the pool sees it. */
  get checkout(): Checkout | undefined {
    return (this.client[GATE] as Holders).current?.checkout;
  }

  /** How the pool sees it. */
  get #connection(): Connection {
    return (this.client[GATE] as Holders).connection as Connection;
  }

  /** The oldest statement takes much longer than was expected of it; `slack`: what nobody can know. */
  isOverdue(now: number, slack: number): boolean {
    const [head] = this.lane;
    if (!head) return false;
    const since = Math.max(head.sentAt, this.lastReadyAt);
    return now - since > Math.max(SHORT_MILLIS, OVERDUE_FACTOR * head.expectedMillis) + slack;
  }

  /** Whether a short statement may be sent here, if nobody is preferred. */
  takesShorts(now: number, depth: number): boolean {
    const { wire, lane } = this;
    const isShared = this.isOpen && this.hasBegun && this.holds.length === 0;
    if (!isShared || wire.length > lane.length || this.cap || wire.length >= depth) return false;
    // Also while the pool's own question is open that stood before its holder's release.
    if (this.isCancelling || this.isSettling || this.isOwing) return false;
    const { retiring, lane: laneOfPool } = this.#connection;
    return !this.#mayBeOverdue(now) && !retiring && !laneOfPool.mayStrike;
  }

  /** Up to this no statement is overdue, whatever was learnt of it and of the network. */
  #mayBeOverdue(now: number): boolean {
    const [head] = this.lane;
    const since = head ? Math.max(head.sentAt, this.lastReadyAt) : now;
    return now - since > SHORT_MILLIS;
  }
}
