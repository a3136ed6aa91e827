import type { StatementRequest } from '../queue/statement-request.ts';
import { isStalePlan, type PreparedStatements } from '../statement/prepared.ts';
import { type Pace, SHORT_MILLIS } from '../statement/profiles.ts';
import type { LaneQuery, LaneQueryClass } from './lane-query.ts';
import type { RoundTrip } from './round-trip.ts';

/** A statement that takes this many times what was expected of it is overdue. */
const OVERDUE_FACTOR = 4;

interface InFlight {
  readonly request: StatementRequest;
  readonly query: LaneQuery;
}

/** What an answer was, for the statistics. */
export interface Answer {
  readonly request: StatementRequest;
  readonly error: Error | undefined;
  readonly serviceMillis: number;
}

/** What a lane needs of its connection. */
export interface LaneTransport {
  write(query: LaneQuery): void;
  readonly Query: LaneQueryClass;
  readonly prepared: PreparedStatements | undefined;
  readonly roundTrip: RoundTrip;
}

/**
 * The statements of many callers on one connection, in the order in which they were sent.
 * PostgreSQL answers in that order, and says ReadyForQuery after each.
 */
export class Lane {
  readonly #transport: LaneTransport;
  #inFlight: InFlight[] = [];
  #headSince = 0;
  /** What the statements under way are expected to cost together. */
  pendingMillis = 0;
  /** The pace of the last one sent, when it is not short: then nothing may stand behind it. */
  cap: Pace | undefined;

  constructor(transport: LaneTransport) {
    this.#transport = transport;
  }

  get length(): number {
    return this.#inFlight.length;
  }

  /** The statement in service takes much longer than it should: nothing more is sent behind it. */
  isOverdue(now: number): boolean {
    const head = this.#inFlight[0];
    if (!head) return false;
    const patience = Math.max(SHORT_MILLIS, head.request.expectedMillis * OVERDUE_FACTOR);
    return now - this.#headSince > patience + this.#transport.roundTrip.millis;
  }

  /** Returns an error when nothing could be sent; then the request is the caller's to refuse. */
  send(request: StatementRequest, now: number): Error | undefined {
    const { Query, prepared, roundTrip } = this.#transport;
    const query = new Query(
      request.config,
      request.profile,
      request.unprepared ? undefined : prepared,
    );
    this.#transport.write(query);
    if (query.notSent) return query.error;
    request.sentAt = now;
    request.expectedMillis = request.profile.expectedMillis ?? SHORT_MILLIS;
    if (this.#inFlight.length === 0) this.#headSince = now + roundTrip.millis;
    this.#inFlight.push({ request, query });
    this.pendingMillis += request.expectedMillis;
    const { pace } = request.profile;
    if (pace !== 'short') this.cap = pace;
    return undefined;
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
    const { prepared, roundTrip } = this.#transport;
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
    if (error && query.prepared) {
      const isStale = isStalePlan(error);
      // Of one that was to be parsed just now, nobody knows whether the server has it.
      if (isStale || query.parsed) prepared?.forget(request.config.text);
      if (isStale && !request.unprepared) {
        // It did not run: it goes again without a plan, and its caller never knows.
        request.unprepared = true;
        const unsent = this.send(request, now);
        if (!unsent) return undefined;
      }
    }
    if (error) request.fail(error);
    else request.succeed(query.result);
    return { request, error, serviceMillis };
  }

  /** The connection is lost. What the server said before that, the caller still learns. */
  fail(error: Error): void {
    const lost = this.#inFlight;
    this.#inFlight = [];
    this.pendingMillis = 0;
    this.cap = undefined;
    for (const { request, query } of lost) {
      // That a plan went stale is the pool's own affair.
      const isOwn = query.error && query.prepared && isStalePlan(query.error);
      const told = isOwn ? error : (query.error ?? error);
      request.fail(Object.assign(told, { outcome: 'unknown' }));
    }
  }
}
