import type { CallSite } from '../context/call-site.ts';
import type { CallContext } from '../context/context.ts';
import type { HeldCheckout } from '../context/hold-scope.ts';
import type { Owner } from '../context/owner.ts';
import type { RepeatedStatement } from '../context/repeats.ts';
import type { TransactionStatus } from '../pg-internals.ts';
import type { Holder } from '../stats/pool-stats.ts';
import { describePause, type Pause } from './pause.ts';

/** What a holder does is told by its first few operations. */
const MOST_OPERATIONS_NAMED = 3;
const UNNAMED = 'an unnamed checkout';

/** One caller's use of a connection, from `connect()` to `release()`. */
export class Checkout implements HeldCheckout {
  readonly startedAt: number;
  /** Among all checkouts since the pool began. */
  id = 0;
  /** It has been given back. */
  isOver = false;
  /** Its holder did not give it back, and can't know that it is over. */
  isReclaimed = false;
  /** Ends the watch for a leak, where there is one. */
  stopWatching: (() => void) | undefined;
  lender: object | undefined;
  /** Where it was taken or first used. */
  callSite: CallSite | undefined;
  /** Its holder has begun a transaction of which the server has said nothing yet. */
  isOpening = false;
  readonly #context: CallContext | undefined;
  /** Owners of the statements in it, where they differ from its own. */
  #operations: Set<string> | undefined;
  #statements = 0;
  /** Of each statement under way, in order. */
  readonly #answersBy: number[] = [];
  readonly #repeated: (RepeatedStatement | undefined)[] = [];
  readonly #owners: (Owner | undefined)[] = [];
  #headSince = 0;
  #idleSince: number;
  #idleMillis = 0;
  /** Who sent the last statement, and between whom the longest pause was. */
  #last: Owner | undefined;
  #longestPause: Pause | undefined;
  #status: TransactionStatus = 'I';
  #partedAt: number | undefined;

  constructor(startedAt: number, context: CallContext | undefined) {
    this.startedAt = startedAt;
    this.#idleSince = startedAt;
    this.#context = context;
  }

  /** `BEGIN` and what else need not be sent by itself; `isOpen`: whether it opens a transaction. */
  answered(context: CallContext | undefined, isOpen: boolean): void {
    this.#note(context);
    this.isOpening = isOpen;
  }

  /** `answerBy`: when the caller stops to want its answer. */
  statementBegins(
    now: number,
    context: CallContext | undefined,
    answerBy: number,
    repeated?: RepeatedStatement,
  ): void {
    this.#note(context);
    this.#repeated.push(repeated);
    const after = this.#last;
    this.#last = context?.owner;
    this.#owners.push(context?.owner);
    if (this.#answersBy.push(answerBy) > 1) return;
    const millis = now - this.#idleSince;
    this.#idleMillis += millis;
    this.#headSince = now;
    if (millis > (this.#longestPause?.millis ?? 0)) {
      this.#longestPause = { millis, after, before: context?.owner };
    }
  }

  /**
   * Where it had no statement under way for longest: `between Order.create at place (orders.ts:12:3) and
   * Product.update at place (orders.ts:20:3)`. What the application waited for meanwhile stands between the two.
   */
  pauseAt(at: number): string | undefined {
    const now = this.#partedAt ?? at;
    const isPaused = this.#answersBy.length === 0;
    const pause: Pause = { millis: now - this.#idleSince, after: this.#last, before: undefined };
    const longest = this.#longestPause;
    return describePause(
      isPaused && pause.millis >= (longest?.millis ?? 0) ? pause : longest,
      this.#context?.owner,
    );
  }

  /** Statements that the pool has not heard to be over. */
  get underWay(): number {
    return this.#answersBy.length;
  }

  /** How long the server has been at the oldest statement under way; undefined: none is. */
  headMillis(now: number): number | undefined {
    return this.#answersBy.length === 0 ? undefined : now - this.#headSince;
  }

  /** When the oldest statement under way is no longer wanted. */
  get answerBy(): number {
    return this.#answersBy[0] ?? Infinity;
  }

  /** No answer is wanted any more of what is under way. */
  unwanted(now: number): void {
    this.#answersBy.fill(now);
  }

  #note(context: CallContext | undefined): void {
    this.#statements++;
    const operation = context?.owner?.label;
    if (!operation || operation === this.#context?.owner?.label) return;
    this.#operations ??= new Set();
    this.#operations.add(operation);
  }

  serverIsReady(now: number, status: TransactionStatus): void {
    this.#status = status;
    this.isOpening = false;
    if (this.#answersBy.length === 0) return;
    this.#answersBy.shift();
    this.#repeated.shift()?.end();
    const owner = this.#owners.shift();
    if (owner !== this.#context?.owner) owner?.spent?.(0, now - this.#headSince, true);
    this.#headSince = now;
    if (this.#answersBy.length === 0) this.#idleSince = now;
  }

  /** Nothing that was under way is answered any more. */
  connectionLost(now: number): void {
    while (this.underWay > 0) this.serverIsReady(now, 'I');
  }

  /** The connection went on to others at `now`; undefined: it has come back. */
  part(now: number | undefined): void {
    this.#partedAt = now;
  }

  /** `$transaction (Product.findMany, Order.create) in POST /checkout`, as far as it is known. */
  get owner(): string {
    const { owner, request } = this.#context ?? {};
    if (!this.#context && !this.#operations) return UNNAMED;
    const operationsSeen = [...(this.#operations ?? [])];
    const named = operationsSeen.slice(0, MOST_OPERATIONS_NAMED).join(', ');
    const more = operationsSeen.length > MOST_OPERATIONS_NAMED ? ', …' : '';
    const operations = owner ? named && `(${named}${more})` : `${named}${more}`;
    const who = [owner?.label, operations].filter(Boolean).join(' ') || UNNAMED;
    return request ? `${who} in ${request.route}` : who;
  }

  get site(): string | undefined {
    const site = this.#context?.owner?.site ?? this.callSite;
    return site && (`${site}` || undefined);
  }

  /** How long it has been held, and how long of that nothing was under way. */
  times(at: number): { heldMillis: number; idleMillis: number } {
    const now = this.#partedAt ?? at;
    const idleNow = this.#answersBy.length === 0 ? now - this.#idleSince : 0;
    return { heldMillis: now - this.startedAt, idleMillis: this.#idleMillis + idleNow };
  }

  describe(now: number): Holder {
    return {
      id: this.id,
      owner: this.owner,
      ...this.times(now),
      inTransaction: this.isOpening || this.#status !== 'I',
      statements: this.#statements,
      site: this.site,
      pauseAt: this.pauseAt(now),
    };
  }
}
