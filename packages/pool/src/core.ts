import type { Checkout } from './checkout/checkout.ts';
import { Lending, type LendingSetup } from './checkout/lending.ts';
import { NestedWatch, type NestedWatchSetup } from './checkout/nested-watch.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection/connection.ts';
import { Connections } from './connection/connections.ts';
import type { ConnectionsListener, FailedLogin } from './connection/connections-setup.ts';
import type { Answer } from './connection/lane.ts';
import type { StatementConfig } from './connection/lane-query.ts';
import { Losses } from './connection/losses.ts';
import { isConnectTimeout, isWorthWaiting } from './connection/refusals.ts';
import type { CoreSetup, PoolEvents, ResetReason } from './core-setup.ts';
import { type Delivery, Dispatcher } from './dispatch/dispatcher.ts';
import { type Impatience, PendingRequests } from './dispatch/pending-requests.ts';
import { Reception, type ReceptionSetup } from './dispatch/reception.ts';
import { Ending, type EndingSetup } from './ending.ts';
import type { PoolOptions } from './options/index.ts';
import type { PgClient } from './pg-internals.ts';
import type { CheckoutCallback, CheckoutRequest } from './queue/checkout-request.ts';
import { Refusals, type RefusalsSetup } from './queue/refusals.ts';
import type { Request } from './queue/request.ts';
import type { RequestOptions } from './queue/request-options.ts';
import type { StatementCallback, StatementRequest } from './queue/statement-request.ts';
import { type StatementProfile, StatementProfiles } from './statement/profiles.ts';
import { countConnections } from './stats/count-connections.ts';
import type { PoolStats, StatsOptions } from './stats/pool-stats.ts';
import { Recorder } from './stats/recorder.ts';
import { slowStatement } from './stats/slow-operation.ts';
import { asWaiters, countWaiting, MOST_LOOKED_AT } from './stats/waiting.ts';

/**
 * The pool itself: those who wait on one side, the connections on the other, the dispatcher between
 * them, and what happens on either side written down.
 *
 * Each of its parts knows it by what that part needs: an interface of its own.
 */
export class PoolCore
  implements
    ConnectionsListener,
    Delivery,
    Impatience,
    EndingSetup,
    LendingSetup,
    NestedWatchSetup,
    ReceptionSetup,
    RefusalsSetup
{
  readonly options: PoolOptions;
  readonly clock: Clock;
  readonly events: PoolEvents;
  readonly queries: CoreSetup['queries'];
  readonly profiles = new StatementProfiles();
  readonly recorder: Recorder;
  readonly connections: Connections;
  readonly refusals: Refusals;
  readonly queue: PendingRequests;
  readonly dispatcher: Dispatcher;
  readonly lending: Lending;
  readonly nested: NestedWatch;
  readonly #reception = new Reception(this);
  readonly #losses = new Losses();
  readonly #ending: Ending;

  constructor(setup: CoreSetup) {
    const { options, clock, events, queries } = setup;
    this.options = options;
    this.clock = clock;
    this.events = events;
    this.queries = queries;
    this.recorder = new Recorder(clock, events, options.findRepeats);
    this.refusals = new Refusals(this);
    this.queue = new PendingRequests(options.multiplex, clock, this);
    this.connections = new Connections(setup, this);
    this.lending = new Lending(this);
    this.dispatcher = new Dispatcher(options, clock, this.queue, this.connections, this);
    this.nested = new NestedWatch(this);
    this.#ending = new Ending(this);
  }

  get clients(): PgClient[] {
    return [...this.connections].map((connection) => connection.client);
  }

  get total(): number {
    return this.connections.lasting;
  }

  get idleClients(): PgClient[] {
    return this.connections.filter(({ isIdle }) => isIdle).map(({ client }) => client);
  }

  get pending(): number {
    return this.queue.length;
  }

  get pendingRequests(): readonly Request[] {
    return this.queue.all();
  }

  get expired(): number {
    const now = this.clock.now();
    return this.connections.filter((c) => c.state !== 'closed' && now >= c.expiresAt).length;
  }

  /** Sends one autocommit statement on the shared lane. */
  query(
    config: StatementConfig,
    profile: StatementProfile,
    settle: StatementCallback,
    options?: RequestOptions,
  ): void {
    this.#reception.query(config, profile, settle, options);
  }

  /** Lends a connection to one caller alone. */
  checkout(settle: CheckoutCallback, options?: RequestOptions): void {
    this.#reception.checkout(settle, options);
  }

  /** Opens connections until there are `count`. */
  prewarm(count: number, settle: (error?: Error) => void): void {
    this.connections.prewarm(Math.min(count, this.options.max), settle);
    this.dispatcher.run();
  }

  /** Replaces every connection, each as soon as it has nothing to do. */
  reset(reason: ResetReason): void {
    this.recorder.counts.resets++;
    this.events.reset(reason);
    this.connections.retireAll();
    this.dispatcher.run();
    this.#ending.proceed();
  }

  /** Nobody waits for what the client's holder has under way: it is cancelled. */
  unwanted(client: PgClient): void {
    const now = this.clock.now();
    for (const { holders } of this.connections) {
      if (holders.current?.client === client) holders.current.checkout.unwanted(now);
    }
  }

  /** Ends the checkout of that number; false: it has ended. */
  reclaim(id: number): boolean {
    for (const connection of this.connections) {
      const { current } = connection.holders;
      if (current?.checkout.id === id) return this.lending.reclaim(connection, current);
    }
    return false;
  }

  /**
   * Refuses whoever comes from now on, serves those who wait, and closes the connections.
   * After `timeoutMillis` it refuses those too and cuts what is still under way.
   */
  end(timeoutMillis: number): void {
    this.#ending.begin(timeoutMillis);
  }

  stats(options?: StatsOptions): PoolStats {
    const at = this.clock.now();
    const now = {
      ...countConnections(this.connections, this.options.max, at),
      pending: this.queue.length,
      waiting: countWaiting(asWaiters(this.queue.all(MOST_LOOKED_AT)), at),
    };
    return this.recorder.snapshot(now, this.profiles.all(), options);
  }

  send(request: StatementRequest, connection: Connection, now: number): void {
    this.recorder.served(now - request.enqueuedAt);
    this.lending.use(connection.client);
    this.connections.measure(connection, now);
    const error = connection.lane.send(request, now);
    this.events.acquire(connection.client);
    if (!error) return;
    this.events.release(undefined, connection.client);
    process.nextTick(() => {
      request.fail(error);
      this.available(connection);
    });
  }

  lend(request: CheckoutRequest, connection: Connection, now: number): void {
    this.lending.lend(request, connection, now);
  }

  freed(): void {
    this.dispatcher.run();
  }

  available(connection: Connection): void {
    this.connections.retireIfUsedUp(connection);
    this.connections.noticeWarm();
    this.dispatcher.run();
    this.connections.rest(connection);
    this.#ending.proceed();
  }

  answered(connection: Connection, answer: Answer): void {
    const { request } = answer;
    const { pace } = request.profile;
    this.recorder.answered(answer);
    if (answer.isAgain) this.#reception.again(request);
    const slow = !answer.isAgain && slowStatement(answer, this.options.slowThresholdMillis);
    if (slow) this.events.slow(slow);
    if (pace !== request.profile.pace) this.queue.requeue(request.profile);
    this.events.release(undefined, connection.client);
  }

  unanswered({ client }: Connection, error: Error): void {
    this.events.release(error, client);
  }

  abandoned(checkout: Checkout): void {
    this.recorder.counts.abandonedTransactions++;
    this.events.abandoned(checkout.describe(this.clock.now()));
  }

  lost({ client }: Connection, error: Error, wasIdle: boolean): void {
    this.recorder.failed(error);
    if (wasIdle && !this.#ending.hasBegun) this.events.idleError(error, client);
    if (this.#losses.add(this.clock.now(), this.connections.lasting)) this.reset('losses');
    this.dispatcher.run();
  }

  silent(): void {
    this.connections.probe();
  }

  working(): void {
    this.connections.watch();
  }

  get isPressed(): boolean {
    return this.dispatcher.isFull;
  }

  closed(connection: Connection): void {
    this.connections.remove(connection);
    this.events.remove(connection.client);
    this.dispatcher.run();
    this.#ending.proceed();
  }

  /**
   * Those who wait are told, unless other connections serve them or waiting may help. A refusal
   * speaks for those who waited when the login began; who came later has another one.
   */
  connectFailed(login: FailedLogin): void {
    const { error, since } = login;
    if (this.connections.length === 0 && !isWorthWaiting(error)) {
      const until = isConnectTimeout(error) ? Infinity : since;
      this.refusals.unreachable(this.queue.takeAll(until), login);
    }
    this.#ending.proceed();
  }

  mayConnect(): void {
    this.dispatcher.run();
  }

  /** Their deadlines have passed. */
  late(requests: Request[]): void {
    this.refusals.late(requests);
    this.#ending.proceed();
  }

  get isServing(): boolean {
    return this.connections.lasting > this.connections.connecting;
  }

  inVain(requests: Request[]): void {
    this.refusals.inVain(requests);
    this.#ending.proceed();
  }

  /** All who were refused have been told. */
  finished(): void {
    this.#ending.proceed();
  }

  /** Takes somebody out of the queue. */
  remove(request: Request): void {
    this.queue.remove(request);
  }

  get isAnybodyLeft(): boolean {
    return this.queue.length + this.refusals.length > 0;
  }

  refuseAll(): void {
    this.refusals.closed(this.queue.takeAll());
  }

  ended(): void {
    this.nested.stop();
    this.events.ended();
  }
}
