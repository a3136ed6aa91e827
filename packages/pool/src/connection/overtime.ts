import type { Conversation } from '../checkout/conversation.ts';
import type { Clock } from '../clock.ts';
import { StatementTimeoutError } from '../errors/index.ts';
import type { ConnectionState } from './connection-setup.ts';
import { Hearing } from './hearing.ts';
import type { Holders } from './holders.ts';
import type { Lane } from './lane.ts';
import type { ObservedClient } from './observed-client.ts';

/** How much longer than its limit a statement may take, before its caller is told all the same. */
const GRACE_MILLIS = 50;
/** How long a server may keep silent that was asked to cancel, or whether it is there. */
const SILENCE_MILLIS = 1_000;
/** How long to wait for the effect of a cancel request before the next one. */
const CANCEL_AGAIN_MILLIS = 200;

export interface OvertimeSetup {
  readonly client: ObservedClient;
  readonly clock: Clock;
  /** The server's own limit for a statement in ms; 0: none. */
  readonly statementLimit: number;
  /** Asks the server to cancel what the client runs; `isOver`: the request can't strike later. */
  readonly cancel: (client: ObservedClient, done: (isOver: boolean) => void) => void;
}

export interface OvertimeListener {
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
  readonly #lane: Lane;
  readonly #holders: Holders;
  readonly #listener: OvertimeListener;
  readonly #hearing: Hearing;
  #cancelAskedAt = Number.NEGATIVE_INFINITY;

  constructor(setup: OvertimeSetup, lane: Lane, holders: Holders, listener: OvertimeListener) {
    this.#setup = setup;
    this.#lane = lane;
    this.#holders = holders;
    this.#listener = listener;
    this.#hearing = new Hearing(setup.client);
  }

  heard(now: number): void {
    this.#hearing.heard(now);
  }

  /** The server was asked for a sign of life. */
  expectAnswer(now: number): void {
    this.#hearing.expects(now);
  }

  /** False when nothing is under way. */
  look(state: ConnectionState, now: number): boolean {
    if (state === 'lane') return this.#lookAtLane(now);
    return state === 'checkout' && this.#lookAtHolder(now);
  }

  #lookAtLane(now: number): boolean {
    this.#hearing.listen(now);
    const lane = this.#lane;
    for (const request of lane.takeExpired(now)) request.fail(tooLate(now - request.sentAt));
    // Whose COMMIT stands before them is what the server is at.
    if (this.#holders.parting) return this.#lookAt(this.#holders.parting, now);
    const { head } = lane;
    if (!head) {
      if (!this.#hearing.isExpecting) return false;
      if (this.#hearing.isDeaf(now, SILENCE_MILLIS)) this.#listener.silent();
      return true;
    }
    const { statementLimit } = this.#setup;
    if (statementLimit > 0 && lane.headMillis(now) > statementLimit + GRACE_MILLIS) {
      head.fail(tooLate(now - head.sentAt));
      if (this.#hearing.isDeaf(now, GRACE_MILLIS)) this.#listener.silent();
    } else if (lane.isInTheWay(now)) {
      this.#cancel(now);
      if (head.isSettled && this.#hearing.isDeaf(now, SILENCE_MILLIS)) this.#listener.silent();
    }
    return true;
  }

  /** A holder's statement can be told only by the server, or by the loss of the connection. */
  #lookAtHolder(now: number): boolean {
    this.#hearing.listen(now);
    const { parting, current } = this.#holders;
    const isEnding = this.#lookAt(parting, now);
    return this.#lookAt(current, now) || isEnding;
  }

  #lookAt(holder: Conversation | undefined, now: number): boolean {
    const headMillis = holder?.checkout.headMillis(now);
    if (!holder || headMillis === undefined) return false;
    const { statementLimit } = this.#setup;
    const { answerBy } = holder.checkout;
    if (now >= answerBy) this.#cancel(now);
    // A holder may have set a limit of its own.
    const hasLimit = statementLimit > 0 && !holder.leavesState;
    const overdue = Math.max(hasLimit ? headMillis - statementLimit : -Infinity, now - answerBy);
    if (overdue > GRACE_MILLIS && this.#hearing.isDeaf(now, GRACE_MILLIS)) this.#listener.silent();
    return true;
  }

  /** Until the request is over, nothing new is sent that it could strike. */
  #cancel(now: number): void {
    if (this.#lane.isCancelling || now - this.#cancelAskedAt < CANCEL_AGAIN_MILLIS) return;
    this.#cancelAskedAt = now;
    this.#hearing.restart(now);
    this.#lane.cancelBegins();
    this.#setup.cancel(this.#setup.client, (isOver) => {
      this.#lane.cancelEnds();
      this.#listener.cancelled(isOver);
    });
  }
}

function tooLate(millis: number): StatementTimeoutError {
  return new StatementTimeoutError(
    `the server has not answered within ${Math.round(millis)} ms, by the caller's deadline or the limit for statements: whether the statement ran is not known`,
    'unknown',
  );
}
