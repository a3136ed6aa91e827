import { Lending } from './checkout/lending.ts';
import { NestedWatch } from './checkout/nested-watch.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection/connection.ts';
import { Connections } from './connection/connections.ts';
import type { FailedLogin } from './connection/connections-setup.ts';
import type { Answer } from './connection/lane.ts';
import type { StatementConfig } from './connection/lane-query.ts';
import { Losses } from './connection/losses.ts';
import { isConnectTimeout, isWorthWaiting } from './connection/refusals.ts';
import { CallSite } from './context/call-site.ts';
import { type CallContext, currentContext } from './context/context.ts';
import type { CoreSetup, PoolEvents, ResetReason } from './core-setup.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { PendingRequests } from './dispatch/pending-requests.ts';
import { Ending } from './ending.ts';
import type { PoolOptions } from './options/index.ts';
import type { PgClient } from './pg-internals.ts';
import { heed } from './queue/abortable.ts';
import { type CheckoutCallback, CheckoutRequest } from './queue/checkout-request.ts';
import { Refusals } from './queue/refusals.ts';
import type { Request } from './queue/request.ts';
import type { RequestOptions } from './queue/request-options.ts';
import { type StatementCallback, StatementRequest } from './queue/statement-request.ts';
import { type StatementProfile, StatementProfiles } from './statement/profiles.ts';
import { countConnections } from './stats/count-connections.ts';
import type { PoolStats, StatsOptions } from './stats/pool-stats.ts';
import { Recorder } from './stats/recorder.ts';

/**
 * The pool itself: those who wait on one side, the connections on the other, the dispatcher between
 * them, and what happens on either side written down.
 */
export class PoolCore {
  readonly profiles = new StatementProfiles();
  readonly #options: PoolOptions;
  readonly #clock: Clock;
  readonly #events: PoolEvents;
  readonly #recorder: Recorder;
  readonly #refusals: Refusals;
  readonly #pending: PendingRequests;
  readonly #connections: Connections;
  readonly #dispatcher: Dispatcher;
  readonly #lending: Lending;
  readonly #nested: NestedWatch;
  readonly #losses = new Losses();
  readonly #ending: Ending;

  constructor(setup: CoreSetup) {
    const { options, clock, events } = setup;
    this.#options = options;
    this.#clock = clock;
    this.#events = events;
    const recorder = new Recorder(clock);
    this.#recorder = recorder;
    const stats = () => this.stats();
    const finished = () => this.#ending.proceed();
    this.#refusals = new Refusals({ options, clock, events, recorder, stats, finished });
    const settled = () => this.#ending.proceed();
    this.#pending = new PendingRequests(
      options.multiplex,
      clock,
      (requests) => {
        this.#refusals.late(requests);
        settled();
      },
      {
        isServing: () => this.#connections.lasting > this.#connections.connecting,
        shed: (requests) => {
          this.#refusals.inVain(requests);
          settled();
        },
      },
    );
    this.#connections = new Connections(
      { ...setup, recorder, profiles: this.profiles },
      {
        available: (connection) => this.#available(connection),
        answered: (connection, answer) => this.#answered(connection, answer),
        abandoned: (_, checkout) => {
          recorder.counts.abandonedTransactions++;
          events.abandoned(checkout.describe(clock.now()));
        },
        lost: (connection, error, wasIdle) => this.#lost(connection, error, wasIdle),
        silent: () => this.#connections.probe(),
        working: () => this.#connections.watch(),
        isPressed: () => this.#dispatcher.isFull,
        closed: (connection) => this.#closed(connection),
        connectFailed: (login) => this.#connectFailed(login),
        mayConnect: () => this.#dispatcher.run(),
      },
    );
    this.#lending = new Lending({ options, clock, events, recorder }, () => this.#dispatcher.run());
    this.#dispatcher = new Dispatcher(options, clock, this.#pending, this.#connections, {
      send: (request, connection) => this.#send(request, connection),
      lend: (request, connection) => this.#lending.lend(request, connection),
    });
    this.#nested = new NestedWatch({
      clock,
      recorder,
      connections: this.#connections,
      isFull: () => this.#dispatcher.isFull,
      stats,
      remove: (request) => this.#pending.remove(request),
    });
    this.#ending = new Ending({
      clock,
      connections: this.#connections,
      isAnybodyLeft: () => this.#pending.length + this.#refusals.length > 0,
      refuseAll: () => this.#refusals.closed(this.#pending.takeAll()),
      ended: () => {
        this.#nested.stop();
        events.ended();
      },
    });
  }

  get clients(): PgClient[] {
    return [...this.#connections].map((connection) => connection.client);
  }

  get total(): number {
    return this.#connections.lasting;
  }

  get idleClients(): PgClient[] {
    return this.#connections.filter(({ isIdle }) => isIdle).map(({ client }) => client);
  }

  get pending(): number {
    return this.#pending.length;
  }

  get pendingRequests(): readonly Request[] {
    return this.#pending.all();
  }

  get expired(): number {
    const now = this.#clock.now();
    return this.#connections.filter((c) => c.state !== 'closed' && now >= c.expiresAt).length;
  }

  /** Sends one autocommit statement on the shared lane. */
  query(
    config: StatementConfig,
    profile: StatementProfile,
    settle: StatementCallback,
    options?: RequestOptions,
  ): void {
    const now = this.#clock.now();
    const context = currentContext();
    const underWay = context?.request?.begin(profile.text);
    if (context && underWay) this.#recorder.fanOuts.notice(context, profile.text, underWay);
    const deadline = this.#deadlineFrom(now, context);
    this.#enter(
      new StatementRequest(config, profile, now, deadline, context, settle, options?.priority),
      options,
    );
  }

  /** Lends a connection to one caller alone. */
  checkout(settle: CheckoutCallback, options?: RequestOptions): void {
    const now = this.#clock.now();
    const context = currentContext();
    const deadline = this.#deadlineFrom(now, context);
    const request = new CheckoutRequest(now, deadline, context, settle, options?.priority);
    if (this.#options.leakThresholdMillis > 0) request.callSite = new CallSite();
    this.#enter(request, options);
  }

  /** Opens connections until there are `count`. */
  prewarm(count: number, settle: (error?: Error) => void): void {
    this.#connections.prewarm(Math.min(count, this.#options.max), settle);
    this.#dispatcher.run();
  }

  /** Replaces every connection, each as soon as it has nothing to do. */
  reset(reason: ResetReason): void {
    this.#recorder.counts.resets++;
    this.#events.reset(reason);
    this.#connections.retireAll();
    this.#dispatcher.run();
    this.#ending.proceed();
  }

  /**
   * Refuses whoever comes from now on, serves those who wait, and closes the connections.
   * After `timeoutMillis` it refuses those too and cuts what is still under way.
   */
  end(timeoutMillis: number): void {
    this.#ending.begin(timeoutMillis);
  }

  stats(options?: StatsOptions): PoolStats {
    const now = countConnections(this.#connections, this.#options.max, this.#clock.now());
    const pending = this.#pending.length;
    return this.#recorder.snapshot({ ...now, pending }, this.profiles.all(), options);
  }

  #deadlineFrom(now: number, context: CallContext | undefined): number {
    const { connectionTimeoutMillis } = this.#options;
    const bound = connectionTimeoutMillis === 0 ? Infinity : now + connectionTimeoutMillis;
    return Math.min(bound, context?.deadline ?? Infinity);
  }

  #enter(request: Request, { signal }: RequestOptions = NO_OPTIONS): void {
    if (signal && !heed(signal, request, () => this.#gone(request))) return;
    // Nobody waits: whoever finds a place need not stand in a queue for it.
    const place = this.#pending.length === 0 ? this.#dispatcher.placeFor(request) : undefined;
    if (place) {
      this.#dispatcher.deliver(request, place);
      return;
    }
    this.#pending.add(request);
    this.#dispatcher.run();
    if (!request.list) return;
    if (this.#pending.length > this.#options.maxWaiting) {
      this.#pending.remove(request);
      this.#refusals.tooMany(request);
      return;
    }
    if (!this.#pending.admit(request)) return;
    const held = request.context?.hold?.checkout;
    if (held?.lender === this.#lending) this.#nested.add(request, held);
  }

  /** Its caller waits no more. */
  #gone(request: Request): void {
    this.#pending.remove(request);
    this.#dispatcher.run();
    this.#ending.proceed();
  }

  #send(request: StatementRequest, connection: Connection): void {
    const now = this.#clock.now();
    this.#recorder.served(now - request.enqueuedAt);
    this.#lending.use(connection.client);
    this.#events.acquire(connection.client);
    const error = connection.lane.send(request, now);
    if (!error) return;
    this.#events.release(undefined, connection.client);
    process.nextTick(() => {
      request.fail(error);
      this.#available(connection);
    });
  }

  #available(connection: Connection): void {
    this.#connections.retireIfUsedUp(connection);
    this.#connections.noticeWarm();
    this.#dispatcher.run();
    this.#connections.rest(connection);
    this.#ending.proceed();
  }

  #answered(connection: Connection, answer: Answer): void {
    const { request } = answer;
    const { pace } = request.profile;
    this.#recorder.answered(answer);
    if (answer.isAgain) this.#again(request);
    if (pace !== request.profile.pace) this.#pending.requeue(request.profile);
    this.#events.release(undefined, connection.client);
  }

  /** It was in others' way, and did nothing: it begins again with nobody behind it. */
  #again(request: StatementRequest): void {
    request.isAlone = true;
    request.deadline = this.#deadlineFrom(this.#clock.now(), request.context);
    this.#pending.add(request);
  }

  #lost({ client }: Connection, error: Error, wasIdle: boolean): void {
    this.#recorder.failed(error);
    if (wasIdle && !this.#ending.hasBegun) this.#events.idleError(error, client);
    if (this.#losses.add(this.#clock.now(), this.#connections.lasting)) this.reset('losses');
    this.#dispatcher.run();
  }

  #closed(connection: Connection): void {
    this.#connections.remove(connection);
    this.#events.remove(connection.client);
    this.#dispatcher.run();
    this.#ending.proceed();
  }

  /**
   * Those who wait are told, unless other connections serve them or waiting may help. A refusal
   * speaks for those who waited when the login began; who came later has another one.
   */
  #connectFailed(login: FailedLogin): void {
    const { error, since } = login;
    if (this.#connections.length === 0 && !isWorthWaiting(error)) {
      const until = isConnectTimeout(error) ? Infinity : since;
      this.#refusals.unreachable(this.#pending.takeAll(until), login);
    }
    this.#ending.proceed();
  }
}

const NO_OPTIONS: RequestOptions = {};
