import { oneForEach } from '../errors/copy-error.ts';
import { StatementTimeoutError } from '../errors/index.ts';
import { type PgClient, sendTraced } from '../pg-internals.ts';
import type { StatementRequest } from '../queue/statement-request.ts';
import { isPoolerRefusal } from '../statement/pooler-refusal.ts';
import { isStalePlan, isUnknownName, PreparedStatements } from '../statement/prepared.ts';
import type { Preparing } from '../statement/preparing.ts';
import { type Pace, SHORT_MILLIS } from '../statement/profiles.ts';
import type { LaneQuery } from './lane-query.ts';
import { OneWrite } from './one-write.ts';
import type { Pooler } from './pooler.ts';
import type { QueryClasses } from './query-classes.ts';
import type { RoundTrip } from './round-trip.ts';

/** A statement that takes this many times what was expected of it is overdue. */
const OVERDUE_FACTOR = 4;
/** One that takes so much longer still is in the way of those behind it, and begins again alone. */
const STUCK_FACTOR = 10;
const STUCK_MILLIS = 50;
/**
 * A pooler that shares sessions lends one for as long as anything of its client's is under way: so long, and for so much work, statements
 * follow each other; then all are answered first, and whoever else waits there has their turn.
 */
const TURN_MILLIS = 5;
/** Clocks differ. */
const NEARLY = 0.8;
/** Whoever was cancelled more often than this is told. */
const MOST_CANCELLATIONS = 3;

interface InFlight {
  readonly request: StatementRequest;
  readonly query: LaneQuery;
}

/** What an answer was, for the statistics. */
export interface Answer {
  readonly request: StatementRequest;
  readonly error: Error | undefined;
  readonly serviceMillis: number;
  /** When it came, in the clock's milliseconds. */
  readonly at: number;
  /** It was cancelled in favour of others, and did nothing: it is to be sent again. */
  readonly isAgain: boolean;
}

export interface LaneSetup {
  /** pg's own `query`, around the gate. */
  readonly query: PgClient['query'];
  readonly queries: QueryClasses;
  readonly roundTrip: RoundTrip;
  /** The server's own limit for a statement in ms; 0: none. */
  readonly statementLimit: number;
  readonly preparing: Preparing;
  readonly pooler: Pooler;
}

export interface LaneListener {
  readonly client: PgClient;
  working(): void;
}

/**
 * The statements of many callers on one connection, in the order in which they were sent.
 * PostgreSQL answers in that order, and says ReadyForQuery after each.
 */
export class Lane {
  readonly #setup: LaneSetup;
  readonly #connection: LaneListener;
  readonly #oneWrite: OneWrite;
  #prepared: PreparedStatements | undefined;
  #inFlight: InFlight[] = [];
  /** From here on an answer to the oldest statement is its own time: when the one before was heard, or a round trip after it was sent. */
  #headSince = 0;
  /** Since then something has been under way without a pause. */
  #busySince = 0;
  /** What the statements under way are expected to cost together. */
  pendingMillis = 0;
  /** The pace of the last one sent, when it is not short: then nothing may stand behind it. */
  cap: Pace | undefined;
  /** A cancel request is on its way to the server. */
  isCancelling = false;
  /** Of the requests so far so many may strike one of these statements, and have not yet. */
  #strikesLeft = 0;
  /** Some of these have a deadline of their caller's. */
  #hasDeadlines = false;

  constructor(setup: LaneSetup, connection: LaneListener) {
    this.#setup = setup;
    this.#connection = connection;
    this.#oneWrite = new OneWrite(connection.client);
  }

  get length(): number {
    return this.#inFlight.length;
  }

  /** A cancel request may strike one of these statements. */
  get mayStrike(): boolean {
    return this.#strikesLeft > 0;
  }

  /** The statement in service takes much longer than it should, or others' turn has come: nothing more is sent behind it. */
  isOverdue(now: number): boolean {
    const head = this.#inFlight[0];
    if (this.isCancelling || this.mayStrike) return true;
    if (!head) return false;
    if (this.#setup.pooler.sharesSessions && this.#hasHadItsTurn(now)) return true;
    const patience = Math.max(SHORT_MILLIS, head.request.expectedMillis * OVERDUE_FACTOR);
    return this.headMillis(now) > patience + this.#setup.roundTrip.millis;
  }

  #hasHadItsTurn(now: number): boolean {
    return this.pendingMillis >= TURN_MILLIS || now - this.#busySince > TURN_MILLIS;
  }

  get head(): StatementRequest | undefined {
    return this.#inFlight[0]?.request;
  }

  /** How long the server has been at the oldest statement; the way there and back is not part of it. */
  headMillis(now: number): number {
    return this.#inFlight.length === 0 ? 0 : Math.max(0, now - this.#headSince);
  }

  /**
   * Nobody waits for the oldest statement any more, or others stand behind it while it waits for a lock
   * or has turned out to be very slow.
   */
  isInTheWay(now: number): boolean {
    const { head } = this;
    if (!head) return false;
    const millis = this.headMillis(now);
    if (head.isSettled) return millis > STUCK_MILLIS;
    if (this.#inFlight.length < 2 || head.cancellations >= MOST_CANCELLATIONS) return false;
    // The farther away a server is, the less even is the way there.
    const patience = Math.max(STUCK_MILLIS, head.expectedMillis * STUCK_FACTOR);
    if (millis <= patience + this.#setup.roundTrip.millis) return false;
    // What a function of the application's own has done, no rollback may undo: it is done once.
    return this.#inFlight.every(({ request }) => request.profile.isCertainlyRead);
  }

  /** Returns an error when nothing could be sent; then the request is the caller's to refuse. */
  send(request: StatementRequest, now: number): Error | undefined {
    const { queries, roundTrip } = this.#setup;
    const prepared = request.unprepared ? undefined : this.#statements();
    const query = new queries.LaneQuery(request.config, request.profile, prepared);
    this.#write(query, request);
    if (query.notSent) return query.error;
    request.sentAt = now;
    request.expectedMillis = request.profile.expectedMillis ?? SHORT_MILLIS;
    if (this.#inFlight.length === 0) {
      this.#busySince = now;
      this.#headSince = now + roundTrip.millis;
    }
    this.#inFlight.push({ request, query });
    this.pendingMillis += request.expectedMillis;
    if (request.answerBy !== Infinity) this.#hasDeadlines = true;
    const { pace } = request;
    if (pace !== 'short') this.cap = pace;
    return undefined;
  }

  #statements(): PreparedStatements | undefined {
    const { capacity } = this.#setup.preparing;
    if (capacity === 0) return undefined;
    this.#prepared ??= new PreparedStatements(capacity);
    return this.#prepared;
  }

  #write(query: LaneQuery, { scope }: StatementRequest): void {
    const { client } = this.#connection;
    const { query: send, queries } = this.#setup;
    this.#oneWrite.begin();
    if (!queries.isTraced) send.call(client, query);
    else if (scope) scope.runInAsyncScope(sendTraced, undefined, client, send, query);
    else sendTraced(client, send, query);
    if (query.isTraced) queries.isTraced = true;
    this.#connection.working();
  }

  /** The server has forgotten what was prepared. */
  forgetPrepared(): void {
    this.#prepared?.clear();
  }

  /** A holder may have had it forget some: each is made anew before it is used again. */
  renewPrepared(): void {
    this.#prepared?.forgetAll();
  }

  /** What stood before the oldest statement has been answered: only now its own time begins. */
  headBegins(now: number): void {
    this.#headSince = now;
  }

  /** The server is ready again: the oldest statement has its answer. */
  answer(now: number): Answer | undefined {
    const head = this.#inFlight[0];
    // A last holder's answer may come just after the first statement here was sent.
    if (!head?.query.isAnswered) return undefined;
    this.#inFlight.shift();
    const { request, query } = head;
    const { roundTrip } = this.#setup;
    const alone = this.#headSince === request.sentAt + roundTrip.millis;
    if (alone) roundTrip.observe(now - request.sentAt);
    const serviceMillis = Math.max(0, now - Math.max(this.#headSince, request.sentAt));
    this.#headSince = now;
    this.pendingMillis -= request.expectedMillis;
    if (this.#inFlight.length === 0) {
      this.pendingMillis = 0;
      this.cap = undefined;
    }
    const { error } = query;
    const isStruck = error && this.mayStrike && isCancelled(error);
    if (isStruck) this.#strikesLeft--;
    if (isStruck && !request.isSettled && ++request.cancellations <= MOST_CANCELLATIONS) {
      this.#missesWhoIsGone();
      return { request, error, serviceMillis, at: now, isAgain: true };
    }
    if (error && query.prepared) {
      const isStale = isStalePlan(error);
      // Of one that was to be parsed just now, nobody knows whether the server has it.
      if (isStale || query.parsed) this.#prepared?.forget(request.config.text);
      if (isUnknownName(error)) this.#setup.pooler.forgets();
      if (isStale && !request.unprepared && !request.isSettled) {
        // It did not run: it goes again without a plan, and its caller never knows.
        request.unprepared = true;
        const unsent = this.send(request, now);
        if (!unsent) return undefined;
      }
    }
    this.#missesWhoIsGone();
    if (error) request.fail(this.#asTimeout(error, now - request.sentAt));
    else request.succeed(query.result);
    return { request, error, serviceMillis, at: now, isAgain: false };
  }

  /** The server's word for its own limit, and for somebody's cancelling, is the same. */
  #asTimeout(error: Error, millis: number): Error {
    const { statementLimit } = this.#setup;
    const isLimit = statementLimit > 0 && millis >= statementLimit * NEARLY;
    if (!isLimit || !isCancelled(error)) return error;
    return new StatementTimeoutError(error.message, 'failed', { cause: error });
  }

  cancelBegins(): void {
    this.isCancelling = true;
    this.#strikesLeft++;
  }

  cancelEnds(): void {
    this.isCancelling = false;
    this.#missesWhoIsGone();
  }

  /** With nothing under way, a cancel request that the server has received strikes nobody any more. */
  #missesWhoIsGone(): void {
    if (this.#inFlight.length === 0 && !this.isCancelling) this.#strikesLeft = 0;
  }

  /** Those whose callers want no answer any more; they stay under way until the server has spoken. */
  takeExpired(now: number): StatementRequest[] {
    if (!this.#hasDeadlines) return NONE;
    if (this.#inFlight.length === 0) this.#hasDeadlines = false;
    return this.#inFlight
      .map(({ request }) => request)
      .filter(({ answerBy, isSettled }) => now >= answerBy && !isSettled);
  }

  /** That a plan went stale, or that a statement was in the way of others, is told to nobody. */
  #isOwnAffair({ error, prepared }: LaneQuery): boolean {
    if (!error) return false;
    return (prepared && isStalePlan(error)) || (this.mayStrike && isCancelled(error));
  }

  /** The connection is lost. What the server said before that, the caller still learns. Returns what each was told. */
  fail(error: Error): readonly Error[] {
    const lost = this.#inFlight;
    this.#inFlight = [];
    this.pendingMillis = 0;
    this.cap = undefined;
    const said = lost[0]?.query.error;
    const refusal = said && isPoolerRefusal(said) ? said : undefined;
    const own = oneForEach(refusal ?? error);
    const outcome = refusal ? 'not-sent' : 'unknown';
    return lost.map(({ request, query }) => {
      const isTold = query.error && !refusal && !this.#isOwnAffair(query);
      const told = Object.assign((isTold && query.error) || own(), { outcome });
      request.fail(told);
      return told;
    });
  }
}

const NONE: StatementRequest[] = [];

/** "canceling statement due to user request", or to a limit: either way it left nothing behind. */
function isCancelled(error: Error & { code?: string }): boolean {
  return error.code === '57014';
}
