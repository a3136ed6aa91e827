import type { ObservedClient } from '../connection/observed-client.ts';
import type { QueryClasses } from '../connection/query-classes.ts';
import { CallSite } from '../context/call-site.ts';
import { currentContext, enterHold } from '../context/context.ts';
import { PoolTimeoutError } from '../errors/index.ts';
import { hasBeenParsed, type PgClient, type PgQuery, sessionStatus } from '../pg-internals.ts';
import { settleTo } from '../settle.ts';
import type { StatementTraits } from '../statement/classify.ts';
import type { Checkout } from './checkout.ts';
import { HeldStatements, type Patience } from './held-statements.ts';
import {
  asSaid,
  callbackOf,
  isFunction,
  isSubmittable,
  submittedText,
  textOf,
  valuesAsSaid,
} from './said.ts';

/** What a conversation needs of its connection. */
export interface ConversationLine {
  readonly client: PgClient;
  readonly queries: QueryClasses;
  /** False: each statement costs a round trip of its own, as in pg. */
  readonly defersBegin: boolean;
  /** False: whatever is sent now fails, and pg says why. */
  readonly isUsable: boolean;
  /** Everything that was sent has been answered. */
  readonly isQuiet: boolean;
  /** What was sent before is still under way, and one statement may be written behind it. */
  readonly isBehind: boolean;
  /** No more connections can be lent. */
  readonly isPressed: boolean;
  traitsOf(text: string): StatementTraits;
  /** pg's own `query`, on the connection's client. */
  send(
    speaker: Conversation,
    config: unknown,
    values: unknown,
    callback: unknown,
    isEnd?: boolean,
  ): unknown;
  /** The end of the transaction is on the wire, and nothing else. */
  ending(): void;
  /** How long what can't be sent at once may wait; it is looked at from now on. */
  patience(): Patience;
  /** The connection has been passed on since the transaction's end, and is wanted back. */
  reclaim(speaker: Conversation): void;
}

/**
 * What one holder says on its client.
 *
 * `BEGIN` is answered at once and travels with the first statement, which saves a round trip; an empty
 * transaction costs none. Whatever can't carry it (a cursor, COPY, several statements) sends it first.
 */
export class Conversation {
  /** Settings, locks or temporary tables may have stayed in the session. */
  leavesState = false;
  /** pg has given up one of its statements by `query_timeout`, which goes on: nobody waits for that. */
  hasLeft = false;
  /** A cursor or a stream is under way: the server may be waiting for the holder. */
  isInDialogue = false;
  /** The connection went on to others when the end of the transaction was on the wire. */
  hasParted = false;
  /** What the holder uses. */
  readonly client: ObservedClient;
  readonly checkout: Checkout;
  readonly #line: ConversationLine;
  /** BEGIN and SET TRANSACTION that no statement has carried yet. */
  #opening: readonly string[] = NOTHING;
  #held: HeldStatements | undefined;
  #hasSent = false;
  /** Answers the caller of the first statement, though it has still to be run. */
  #tell: ((error: Error) => void) | undefined;
  #isMarked = false;
  /** The end of a transaction is among what waits. */
  #isEndHeld = false;

  constructor(line: ConversationLine, client: ObservedClient, checkout: Checkout) {
    this.#line = line;
    this.client = client;
    this.checkout = checkout;
  }

  /** As its holder sees it: in a transaction from `BEGIN` on. */
  get isOpening(): boolean {
    return this.#opening.length > 0;
  }

  /** It has gone, and what it has begun with it. */
  forgetOpening(): void {
    this.#opening = NOTHING;
  }

  query(config: unknown, values: unknown, callback: unknown): unknown {
    if (!this.#isMarked && this.#line.isPressed) this.#mark();
    if (!this.#mustWait(config)) return this.#say(config, values, callback);
    const answer = this.#hold(config, values, callback);
    // It may be had at once: then what is held goes on.
    if (this.hasParted) this.#line.reclaim(this);
    return answer;
  }

  /** Others may use the connection from now on. */
  part(now: number): void {
    this.hasParted = true;
    this.checkout.part(now);
  }

  /** The connection is the holder's again. */
  return(): void {
    this.hasParted = false;
    this.checkout.part(undefined);
    this.resume();
  }

  /**
   * From here on the flow is known to hold a connection: it uses it. Only when connections are short,
   * because to follow a flow costs all the promises of the process something (on Node 20).
   */
  #mark(): void {
    this.#isMarked = true;
    this.checkout.callSite ??= new CallSite();
    enterHold(this.checkout);
  }

  /** The way is free: sends what had to wait. */
  resume(): void {
    // One of them may end a transaction, and make room for others.
    while (this.isHolding && !(this.hasParted && this.#line.isUsable)) this.#held?.sendNext();
    if (this.isHolding) this.#line.reclaim(this);
  }

  /** Its first statement stands behind another's COMMIT, and is not wanted any more. */
  tellFirst(error: Error): void {
    this.#tell?.(error);
    this.#tell = undefined;
  }

  /** Something waits until it may be sent. */
  get isHolding(): boolean {
    return this.#held !== undefined && this.#held.length > 0;
  }

  /** What waits is refused, if it has waited too long. */
  refuseLate(now: number): void {
    if (!this.#held?.isLate(now)) return;
    const why = this.hasParted
      ? 'to go on after COMMIT, when the connection had been passed on. Give it back after COMMIT, and take one for each transaction.'
      : 'behind the COMMIT of the one who had the connection before';
    this.refuse(now, (waitMillis) => {
      const waited = `waited ${Math.round(waitMillis)} ms`;
      return new PoolTimeoutError(`timeout exceeded when trying to connect: ${waited} ${why}`);
    });
    if (this.#isEndHeld && !this.hasParted) this.#endFor();
  }

  /** What waits can't be sent any more. */
  refuse(now: number, make: (waitMillis: number) => Error): void {
    this.#held?.refuse(now, make);
  }

  /**
   * Whoever has said COMMIT or ROLLBACK takes the transaction for over, and so it is on a server, whatever
   * comes of it. One that could not be sent is made up for by a ROLLBACK before anything else goes out: what is
   * said next would be lost in the old transaction, or commit what was given up.
   */
  #endFor(): void {
    this.#opening = NOTHING;
    this.#held?.addOwn(() => {
      if (!this.#isOutside) this.#line.send(this, 'ROLLBACK', () => {}, undefined, true);
    });
  }

  /** Behind an answer that is still to come only one statement may stand, and only a plain one. */
  #mustWait(config: unknown): boolean {
    if (!this.#line.isUsable) return false;
    if (this.hasParted || this.isHolding) return true;
    if (!this.#line.isBehind) return false;
    const text = textOf(config);
    if (text === undefined || this.#hasSent) return true;
    const { transaction } = this.#line.traitsOf(text);
    if (transaction) return transaction !== 'begin' && !this.isOpening;
    return !this.#canCarry(config, text);
  }

  #say(config: unknown, values: unknown, callback: unknown): unknown {
    const line = this.#line;
    const text = textOf(config);
    if (text === undefined) {
      const submitted = submittedText(config);
      if (submitted === undefined ? isSubmittable(config) : line.traitsOf(submitted).leavesState) {
        this.leavesState = true;
      }
      return this.#send(config, values, callback);
    }
    const { transaction, leavesState, tag = '' } = line.traitsOf(text);
    if (leavesState) this.leavesState = true;
    if (!line.defersBegin) return this.#send(config, values, callback);
    const answer = () => {
      this.checkout.answered(currentContext(), this.isOpening);
      return this.#answer(tag, config, values, callback);
    };
    if (transaction === 'begin' && !this.isOpening && this.#isOutside) {
      this.#opening = [text];
      return answer();
    }
    if (transaction === 'modes' && this.isOpening) {
      this.#opening = [...this.#opening, text];
      return answer();
    }
    if (transaction === 'end') {
      if (this.isOpening) {
        this.#opening = NOTHING;
        return answer();
      }
      const isAlone = line.isQuiet;
      const result = line.send(this, config, values, callback, true);
      if (isAlone) line.ending();
      return result;
    }
    if ((this.isOpening || line.isBehind) && this.#canCarry(config, text)) {
      return this.#sendFirst(config, values, callback);
    }
    return this.#send(config, values, callback);
  }

  get #isOutside(): boolean {
    const { isBehind, isQuiet, client } = this.#line;
    // What is under way may open one.
    return isBehind || (isQuiet && sessionStatus(client) === 'I');
  }

  #canCarry(config: unknown, text: string): boolean {
    const { rows, portal, name, query_timeout } = Object(config);
    if (rows || portal || query_timeout) return false;
    if (name && !hasBeenParsed(this.#line.client, name, text)) return false;
    return this.#line.traitsOf(text).isSingle;
  }

  #sendFirst(config: unknown, values: unknown, callback: unknown): unknown {
    const { FirstQuery } = this.#line.queries;
    const query = new FirstQuery(this.#opening, config, isFunction(values) ? undefined : values);
    return settleTo(Promise, callbackOf(config, values, callback), (settle) => {
      if (query.unusable) {
        settle(query.unusable);
        return;
      }
      this.#hasSent = true;
      this.#opening = NOTHING;
      query.callback = (error: Error | null, result: unknown) => settle(error ?? undefined, result);
      if (this.#line.isBehind) {
        this.#tell = (error) => {
          query.callback = () => {};
          settle(error);
        };
      }
      this.#line.send(this, query, undefined, undefined);
    });
  }

  /** After the opening, if there is one: that is sent by itself, and nothing may run without it. */
  #send(config: unknown, values: unknown, callback: unknown): unknown {
    const opening = this.#opening;
    this.#opening = NOTHING;
    this.#hasSent = true;
    const unlessRefused = (error: Error | null) => {
      if (error) this.#line.client.connection?.stream.destroy();
    };
    for (const text of opening) this.#line.send(this, text, unlessRefused, undefined);
    return this.#line.send(this, config, values, callback);
  }

  /** What the server is going to say: the caller need not wait for it. */
  #answer(tag: string, config: unknown, values: unknown, callback: unknown): unknown {
    const query: PgQuery = new this.#line.queries.PgQuery(
      config,
      isFunction(values) ? undefined : values,
    );
    query._result.addCommandComplete({ text: tag });
    return settleTo(Promise, callbackOf(config, values, callback), (settle) =>
      settle(undefined, query._result),
    );
  }

  #hold(config: unknown, values: unknown, callback: unknown): unknown {
    this.#held ??= new HeldStatements();
    const text = textOf(config);
    const transaction = text === undefined ? undefined : this.#line.traitsOf(text).transaction;
    this.#isEndHeld = transaction === 'end' || (this.isHolding && this.#isEndHeld);
    const patience = this.#line.patience();
    const [said, saidValues] = [asSaid(config), valuesAsSaid(values)];
    const say = (own: unknown) => this.#say(said, saidValues, own);
    return this.#held.add(config, values, callback, patience, say);
  }
}

const NOTHING: readonly string[] = [];
