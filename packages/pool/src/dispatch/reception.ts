import { AsyncResource } from 'node:async_hooks';
import type { Lending } from '../checkout/lending.ts';
import type { NestedWatch } from '../checkout/nested-watch.ts';
import type { Clock } from '../clock.ts';
import type { StatementConfig } from '../connection/lane-query.ts';
import type { QueryClasses } from '../connection/query-classes.ts';
import { CallSite } from '../context/call-site.ts';
import { type CallContext, currentContext } from '../context/context.ts';
import type { PoolOptions } from '../options/index.ts';
import { heed } from '../queue/abortable.ts';
import { type CheckoutCallback, CheckoutRequest } from '../queue/checkout-request.ts';
import type { Refusals } from '../queue/refusals.ts';
import type { Request } from '../queue/request.ts';
import type { RequestOptions } from '../queue/request-options.ts';
import { type StatementCallback, StatementRequest } from '../queue/statement-request.ts';
import type { StatementProfile } from '../statement/profiles.ts';
import type { Recorder } from '../stats/recorder.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { PendingRequests } from './pending-requests.ts';

export interface ReceptionSetup {
  readonly options: PoolOptions;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly queue: PendingRequests;
  readonly dispatcher: Dispatcher;
  readonly refusals: Refusals;
  readonly lending: Lending;
  readonly nested: NestedWatch;
  readonly queries: Pick<QueryClasses, 'isTraced'>;
  /** Somebody waits no more. */
  finished(): void;
}

/** Takes in what callers ask for: it is served at once, waits, or is refused. */
export class Reception {
  readonly #setup: ReceptionSetup;

  constructor(setup: ReceptionSetup) {
    this.#setup = setup;
  }

  /** One autocommit statement for the shared lane. */
  query(
    config: StatementConfig,
    profile: StatementProfile,
    settle: StatementCallback,
    options?: RequestOptions,
  ): void {
    const { clock, recorder, queries } = this.#setup;
    const now = clock.now();
    const context = currentContext();
    const deadline = this.#deadlineFrom(now, context);
    const { priority, signal } = options ?? NO_OPTIONS;
    const request = new StatementRequest(config, profile, now, deadline, context, settle, priority);
    if (queries.isTraced) request.scope = new AsyncResource('lifeguard.statement');
    if (context?.request) request.repeated = recorder.repeated.begin(context, profile.text);
    this.#enter(request, signal, now);
  }

  /** A connection for one caller alone. */
  checkout(settle: CheckoutCallback, options?: RequestOptions): void {
    const now = this.#setup.clock.now();
    const context = currentContext();
    const deadline = this.#deadlineFrom(now, context);
    const { priority, signal } = options ?? NO_OPTIONS;
    const request = new CheckoutRequest(now, deadline, context, settle, priority);
    if (this.#setup.options.leakThresholdMillis > 0) request.callSite = new CallSite();
    this.#enter(request, signal, now);
  }

  /** It was in others' way, and did nothing: it begins again with nobody behind it. */
  again(request: StatementRequest): void {
    const now = this.#setup.clock.now();
    request.isAlone = true;
    request.deadline = this.#deadlineFrom(now, request.context);
    this.#setup.queue.add(request, now);
  }

  #deadlineFrom(now: number, context: CallContext | undefined): number {
    const { connectionTimeoutMillis } = this.#setup.options;
    const bound = connectionTimeoutMillis === 0 ? Infinity : now + connectionTimeoutMillis;
    return Math.min(bound, context?.deadline ?? Infinity);
  }

  #enter(request: Request, signal: AbortSignal | undefined, now: number): void {
    const { queue, dispatcher, refusals, nested, lending, options } = this.#setup;
    if (signal && !heed(signal, request, () => this.#gone(request))) return;
    const held = request.context?.hold?.checkout;
    const asked = held?.lender === lending && nested.notice(request.context, held);
    // Nobody waits: whoever finds a place need not stand in a queue for it.
    const place = queue.length === 0 ? dispatcher.placeFor(request, now) : undefined;
    if (place) {
      dispatcher.deliver(request, place, now);
      return;
    }
    queue.add(request, now);
    dispatcher.run();
    if (!request.list) return;
    if (queue.length > options.maxWaiting) {
      queue.remove(request);
      refusals.tooMany(request);
      return;
    }
    if (queue.admit(request) && asked) nested.add(request, held, asked);
  }

  /** Its caller waits no more. */
  #gone(request: Request): void {
    const { queue, dispatcher } = this.#setup;
    queue.remove(request);
    dispatcher.run();
    this.#setup.finished();
  }
}

const NO_OPTIONS: RequestOptions = {};
