import type { Conversation } from '../checkout/conversation.ts';
import { StatementTimeoutError } from '../errors/index.ts';
import type { ConnectionState } from './connection-setup.ts';
import { Hearing } from './hearing.ts';
import type { Holders } from './holders.ts';
import type { Knocking } from './knocking.ts';
import type { Lane } from './lane.ts';
import { type MeasureSetup, measure } from './measure.ts';
import type { ObservedClient } from './observed-client.ts';

/** How much longer than its limit a statement may take, before its caller is told all the same. */
const GRACE_MILLIS = 50;
/** How long a server may keep silent that was asked to cancel, or whether it is there. */
const SILENCE_MILLIS = 1_000;
/** How long to wait for the effect of a cancel request before the next one. */
const CANCEL_AGAIN_MILLIS = 200;
/** A statement may take as long as it wants; after so long without a sound it is seen to that the server is there. */
const UNHEARD_MILLIS = 30_000;

export interface OvertimeSetup extends MeasureSetup {
  /** The server's own limit for a statement in ms; 0: none. */
  readonly statementLimit: number;
  /** Asks the server to cancel what the client runs; `isOver`: the request can't strike later. */
  readonly cancel: (client: ObservedClient, done: (isOver: boolean) => void) => void;
  readonly knocking: Knocking;
}

export interface OvertimeListener {
  readonly client: ObservedClient;
  readonly lane: Lane;
  readonly holders: Holders;
  /** No cancel request is under way any more; `isOver`: none can strike later. */
  cancelled(isOver: boolean): void;
  /** The server does not answer any more. */
  silent(): void;
}

/**
 * What becomes of statements that take too long: their callers are told at their deadlines, those in
 * others' way are cancelled, and a server that has gone silent is given up.
 */
export class Overtime {
  readonly #setup: OvertimeSetup;
  readonly #connection: OvertimeListener;
  readonly #hearing: Hearing;
  #cancelAskedAt = Number.NEGATIVE_INFINITY;

  constructor(setup: OvertimeSetup, connection: OvertimeListener) {
    this.#setup = setup;
    this.#connection = connection;
    this.#hearing = new Hearing(connection.client);
  }

  /** The server is ready. True: for what it was asked by {@link probe}, and by nobody else. */
  heard(now: number): boolean {
    const isOwn = this.#hearing.isExpecting;
    this.#hearing.heard(now);
    this.#setup.knocking.heard();
    return isOwn;
  }

  /** Asks the server for a sign of life. */
  probe(): void {
    // The answer to a second one would be taken for that of whoever is lent the connection meanwhile.
    if (this.#hearing.isExpecting) return;
    const { clock } = this.#setup;
    this.#hearing.expects(clock.now());
    if (!measure(this.#connection.client, this.#setup)) this.heard(clock.now());
  }

  /** False when nothing is under way. */
  look(state: ConnectionState, now: number): boolean {
    if (state === 'connecting' || state === 'closed') return false;
    const waits = this.#connection.holders.refuseLate(now);
    if (this.#hearing.listen(now)) this.#setup.knocking.heard();
    if (this.#isServerGone(state, now)) {
      this.#connection.silent();
      return false;
    }
    const isEnding = this.#lookAtParting(now);
    // Also what a holder has not awaited at its release has a caller.
    const isBusy = state === 'lane' ? this.#lookAtLane(now, isEnding) : this.#lookAtHolder(now);
    return isBusy || isEnding || waits;
  }

  /** Whoever waits for an answer without a limit waits for a server that does not answer anybody. */
  #isServerGone(state: ConnectionState, now: number): boolean {
    const { lane, holders } = this.#connection;
    const holder = holders.parting ?? holders.current;
    const isOfLane = state === 'lane' && !holders.parting;
    const headMillis = isOfLane ? lane.headMillis(now) : (holder?.checkout.headMillis(now) ?? 0);
    const millis = Math.min(headMillis, this.#hearing.silentMillis(now));
    return millis > UNHEARD_MILLIS && this.#setup.knocking.isInVain(now);
  }

  /** `isBehind`: what the server is at is somebody's COMMIT that stands before them. */
  #lookAtLane(now: number, isBehind: boolean): boolean {
    const { lane } = this.#connection;
    for (const request of lane.takeExpired(now)) request.fail(tooLate(now - request.sentAt));
    if (isBehind) return true;
    const { head } = lane;
    if (!head) {
      if (!this.#hearing.isExpecting) return false;
      if (this.#hearing.isDeaf(now, SILENCE_MILLIS)) this.#connection.silent();
      return true;
    }
    const { statementLimit } = this.#setup;
    if (statementLimit > 0 && lane.headMillis(now) > statementLimit + GRACE_MILLIS) {
      head.fail(tooLate(now - head.sentAt));
      if (this.#hearing.isDeaf(now, GRACE_MILLIS)) this.#connection.silent();
    } else if (lane.isInTheWay(now)) {
      this.#cancel(now);
      if (head.isSettled && this.#hearing.isDeaf(now, SILENCE_MILLIS)) this.#connection.silent();
    }
    return true;
  }

  /** A cancel request might strike whoever has begun behind it: it is told, and they are left in peace. */
  #lookAtParting(now: number): boolean {
    const { holders } = this.#connection;
    const headMillis = holders.parting?.checkout.headMillis(now);
    if (!holders.parting || headMillis === undefined) return false;
    const lateMillis = now - holders.parting.checkout.answerBy;
    if (lateMillis >= 0) holders.tellParting(tooLate(headMillis));
    if (lateMillis > SILENCE_MILLIS && this.#hearing.isDeaf(now, SILENCE_MILLIS)) {
      this.#connection.silent();
    } else this.#watchLimit(holders.parting, headMillis, now);
    return true;
  }

  /** A holder's statement can be told only by the server, or by the loss of the connection. */
  #lookAtHolder(now: number): boolean {
    const { current } = this.#connection.holders;
    const headMillis = current?.checkout.headMillis(now);
    if (!current || headMillis === undefined) return false;
    const { answerBy } = current.checkout;
    if (this.#connection.holders.isParting) {
      if (now >= answerBy) current.tellFirst(tooLate(headMillis));
      return true;
    }
    if (now >= answerBy) this.#cancel(now);
    if (now - answerBy > GRACE_MILLIS && this.#hearing.isDeaf(now, GRACE_MILLIS)) {
      this.#connection.silent();
    } else this.#watchLimit(current, headMillis, now);
    return true;
  }

  /** The server keeps its own limit, if it is still there. */
  #watchLimit(holder: Conversation, headMillis: number, now: number): void {
    const { statementLimit } = this.#setup;
    // A holder may have set a limit of its own, or read a cursor slowly: then it is not the server that is silent.
    if (statementLimit === 0 || holder.leavesState || holder.isInDialogue) return;
    if (headMillis <= statementLimit + GRACE_MILLIS) return;
    if (this.#hearing.isDeaf(now, GRACE_MILLIS)) this.#connection.silent();
  }

  /** Until the request is over, nothing new is sent that it could strike. */
  #cancel(now: number): void {
    const { lane, client } = this.#connection;
    if (lane.isCancelling || now - this.#cancelAskedAt < CANCEL_AGAIN_MILLIS) return;
    this.#cancelAskedAt = now;
    this.#hearing.restart(now);
    lane.cancelBegins();
    this.#setup.cancel(client, (isOver) => {
      lane.cancelEnds();
      this.#connection.cancelled(isOver);
    });
  }
}

function tooLate(millis: number): StatementTimeoutError {
  return new StatementTimeoutError(
    `the server has not answered within ${Math.round(millis)} ms, by the caller's deadline or the limit for statements: whether the statement ran is not known`,
    'unknown',
  );
}
