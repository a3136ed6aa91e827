import type { Priority } from '../../context/context.ts';
import { BACKGROUND_LAG_MILLIS } from '../../queue/request.ts';
import type { Pace, StatementProfile } from '../../statement/profiles.ts';
import type { ServerTransaction } from '../fake-backend.ts';
import type { ClientView } from './client-view.ts';
import type { Hold } from './hold.ts';
import type { SaidTransaction } from './said-transaction.ts';
import type { HolderKind, LaneKind } from './texts.ts';

export type CallKind = LaneKind | HolderKind | 'checkout' | 'session';

/** What a caller says of its call. */
export interface CallOptions {
  /** After so long it wants no answer any more. */
  readonly deadlineMillis?: number | undefined;
  readonly priority?: Priority | undefined;
  readonly hasSignal?: boolean | undefined;
}

/**
 * `refused`: at once, which it learns in a moment. `said`: by a holder, which may have to wait until it is
 * sent.
 */
export type CallState = 'waiting' | 'said' | 'under way' | 'refused' | 'settled';

/** What the pool was asked for, and what has become of it. */
export class Call {
  /** The statement gives it back, so that an answer is known by whom it belongs to. */
  readonly id: string;
  readonly kind: CallKind;
  /** Of a statement on the shared lane; the others want a whole connection. */
  readonly profile: StatementProfile | undefined;
  readonly calledAt: number;
  readonly priority: Priority;
  /** When its caller stops to want an answer. */
  readonly answerBy: number;
  readonly abort: AbortController | undefined;
  /** When it stops to wait for a connection. */
  deadline: number;
  state: CallState;
  /** Of one that is said by a holder. */
  hold: Hold | undefined;
  /** What a checkout has got. */
  given: Hold | undefined;
  transaction: SaidTransaction | undefined;
  /** The one that it was to open. */
  begins: SaidTransaction | undefined;
  /** How many modes of its transaction had been said before it. */
  modesSaid = 0;
  /** It holds this one, and asks in addition. */
  nestedIn: Hold | undefined;
  /** While this one, a short one, was waiting, so many younger ones were served that are not. */
  overtaken = 0;
  /** When and to what it was written last. */
  sentAt = Number.NaN;
  view: ClientView | undefined;
  /** How often the server has cancelled it. */
  strikes = 0;
  /** It stood in others' way, or was struck by mistake, and begins again by itself. */
  isAlone = false;
  error: Refusal | undefined;
  settledAt = Number.NaN;
  /** What the server has done, in its words. */
  answered: string | undefined;
  /** The transaction in which the server ran it. */
  ranIn: ServerTransaction | undefined;

  constructor(init: CallInit) {
    const { id, kind, profile, calledAt, waitMillis, options } = init;
    this.id = `${id}`;
    this.kind = kind;
    this.profile = profile;
    this.calledAt = calledAt;
    this.priority = options.priority ?? 'interactive';
    this.answerBy = calledAt + (options.deadlineMillis ?? Infinity);
    this.deadline = Math.min(this.answerBy, calledAt + waitMillis);
    this.abort = options.hasSignal ? new AbortController() : undefined;
    this.state = init.state;
  }

  /** Who is lower has its turn first. */
  get rank(): number {
    return this.calledAt + (this.priority === 'background' ? BACKGROUND_LAG_MILLIS : 0);
  }

  get pace(): Pace {
    return this.isAlone ? 'long' : (this.profile?.pace ?? 'long');
  }

  isSent(view: ClientView, now: number): void {
    this.state = 'under way';
    this.view = view;
    this.sentAt = now;
  }

  get isSettled(): boolean {
    return this.state === 'settled';
  }

  get isAborted(): boolean {
    return this.abort?.signal.aborted === true;
  }

  get isStatement(): boolean {
    return this.kind !== 'checkout' && this.kind !== 'session';
  }
}

export interface CallInit {
  readonly id: number;
  readonly kind: CallKind;
  readonly profile: StatementProfile | undefined;
  readonly calledAt: number;
  readonly waitMillis: number;
  readonly options: CallOptions;
  readonly state: CallState;
}

/** What an error says of itself. */
export interface Refusal extends Error {
  readonly code?: unknown;
  readonly outcome?: unknown;
}
