import type { Checkout } from './checkout/checkout.ts';
import type { Conversation } from './checkout/conversation.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection/connection.ts';
import { Connections, type FailedLogin } from './connection/connections.ts';
import type { Answer } from './connection/lane.ts';
import type { StatementConfig } from './connection/lane-query.ts';
import { isConnectTimeout, isWorthWaiting } from './connection/refusals.ts';
import { type CallContext, currentContext } from './context/context.ts';
import type { CoreSetup, PoolEvents } from './core-setup.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { PendingRequests } from './dispatch/pending-requests.ts';
import { explainWait } from './errors/explain-wait.ts';
import {
  ConnectTimeoutError,
  PoolClosedError,
  PoolOverloadedError,
  PoolTimeoutError,
} from './errors/index.ts';
import type { PoolOptions } from './options/index.ts';
import type { PgClient } from './pg-internals.ts';
import { type CheckoutCallback, CheckoutRequest } from './queue/checkout-request.ts';
import type { Request } from './queue/request.ts';
import { type StatementCallback, StatementRequest } from './queue/statement-request.ts';
import { type StatementProfile, StatementProfiles } from './statement/profiles.ts';
import { countConnections } from './stats/count-connections.ts';
import type { PoolStats } from './stats/pool-stats.ts';
import { RecentStats } from './stats/recent-stats.ts';
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
  readonly #recentStats: RecentStats;
  readonly #pending: PendingRequests;
  readonly #connections: Connections;
  readonly #dispatcher: Dispatcher;
  #ending = false;
  #ended = false;

  constructor(setup: CoreSetup) {
    this.#options = setup.options;
    this.#clock = setup.clock;
    this.#events = setup.events;
    this.#recorder = new Recorder(setup.clock);
    this.#recentStats = new RecentStats(setup.clock, () => this.stats());
    this.#pending = new PendingRequests(setup.options.multiplex, setup.clock, (requests) =>
      this.#refuseLate(requests),
    );
    this.#connections = new Connections(
      { ...setup, recorder: this.#recorder, profiles: this.profiles },
      {
        available: (connection) => this.#available(connection),
        answered: (connection, answer) => this.#answered(connection, answer),
        abandoned: () => this.#recorder.counts.abandonedTransactions++,
        lost: ({ client }, error, wasIdle) => this.#lost(client, error, wasIdle),
        silent: () => this.#connections.probe(),
        working: () => this.#connections.watch(),
        closed: (connection) => this.#closed(connection),
        connectFailed: (login) => this.#connectFailed(login),
        mayConnect: () => this.#dispatcher.run(),
      },
    );
    this.#dispatcher = new Dispatcher(
      setup.options,
      setup.clock,
      this.#pending,
      this.#connections,
      {
        send: (request, connection) => this.#send(request, connection),
        lend: (request, connection) => this.#lend(request, connection),
      },
    );
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
  query(config: StatementConfig, profile: StatementProfile, settle: StatementCallback): void {
    const now = this.#clock.now();
    const context = currentContext();
    const underWay = context?.request?.begin(profile.text);
    if (context && underWay) this.#recorder.fanOuts.notice(context, profile.text, underWay);
    this.#enter(
      new StatementRequest(config, profile, now, this.#deadlineFrom(now, context), context, settle),
    );
  }

  /** Lends a connection to one caller alone. */
  checkout(settle: CheckoutCallback): void {
    const now = this.#clock.now();
    const context = currentContext();
    this.#enter(new CheckoutRequest(now, this.#deadlineFrom(now, context), context, settle));
  }

  /**
   * Refuses whoever comes from now on, serves those who wait, and closes the connections.
   * After `timeoutMillis` it refuses those too and cuts what is still under way.
   */
  end(timeoutMillis: number): void {
    this.#ending = true;
    this.#connections.min = 0;
    if (timeoutMillis !== Infinity) this.#clock.after(timeoutMillis, () => this.#cut());
    this.#windDown();
  }

  stats(): PoolStats {
    const now = countConnections(this.#connections, this.#options.max, this.#clock.now());
    return this.#recorder.snapshot({ ...now, pending: this.#pending.length }, this.profiles.all());
  }

  #deadlineFrom(now: number, context: CallContext | undefined): number {
    const { connectionTimeoutMillis } = this.#options;
    const bound = connectionTimeoutMillis === 0 ? Infinity : now + connectionTimeoutMillis;
    return Math.min(bound, context?.deadline ?? Infinity);
  }

  #enter(request: Request): void {
    this.#pending.add(request);
    this.#dispatcher.run();
    const { maxWaiting } = this.#options;
    if (this.#pending.length <= maxWaiting || !request.list) return;
    this.#pending.remove(request);
    this.#recorder.counts.shed++;
    const message = `refused at once: ${maxWaiting} requests are waiting already (maxWaiting)`;
    const error = new PoolOverloadedError(message, { stats: this.#recentStats.get() });
    process.nextTick(() => request.fail(error));
  }

  #send(request: StatementRequest, connection: Connection): void {
    const now = this.#clock.now();
    this.#recorder.served(now - request.enqueuedAt);
    this.#use(connection.client);
    const error = connection.lane.send(request, now);
    if (!error) return;
    this.#events.release(undefined, connection.client);
    process.nextTick(() => {
      request.fail(error);
      this.#available(connection);
    });
  }

  #lend(request: CheckoutRequest, connection: Connection): void {
    const now = this.#clock.now();
    this.#recorder.served(now - request.enqueuedAt);
    this.#recorder.counts.checkouts++;
    const holder = connection.lend(request.context);
    const { client } = holder;
    const cancelLeakTimer = this.#watchForLeak(holder.checkout);
    let released = false;
    client.release = (error) => {
      if (released) {
        throw new Error('Release called on client which has already been released to the pool.');
      }
      released = true;
      cancelLeakTimer?.();
      this.#release(connection, holder, error);
    };
    this.#use(client);
    request.lend(client);
  }

  #use(client: PgClient): void {
    if (this.#options.allowExitOnIdle) client.ref?.();
    this.#events.acquire(client);
  }

  #watchForLeak(checkout: Checkout): (() => void) | undefined {
    const { leakThresholdMillis } = this.#options;
    if (leakThresholdMillis === 0) return undefined;
    return this.#clock.after(leakThresholdMillis, () => this.#events.leak(checkout));
  }

  #release(connection: Connection, holder: Conversation, error: unknown): void {
    this.#recorder.checkoutEnded(holder.checkout.describe(this.#clock.now()));
    this.#events.release(error, holder.client);
    if (!error && connection.isUsable) {
      connection.giveBack(holder);
      return;
    }
    connection.discard(holder);
    // One less is lent: whoever waits for that need not wait for the server's goodbye.
    this.#dispatcher.run();
  }

  #available(connection: Connection): void {
    this.#connections.retireIfUsedUp(connection);
    this.#dispatcher.run();
    this.#connections.rest(connection);
    this.#windDown();
  }

  #answered(connection: Connection, answer: Answer): void {
    const { profile } = answer.request;
    const { pace } = profile;
    this.#recorder.answered(answer);
    if (answer.isAgain) this.#again(answer.request);
    if (pace !== profile.pace) this.#pending.requeue(profile);
    this.#events.release(undefined, connection.client);
  }

  /** It was in others' way, and did nothing: it begins again with nobody behind it. */
  #again(request: StatementRequest): void {
    request.isAlone = true;
    request.deadline = this.#deadlineFrom(this.#clock.now(), request.context);
    this.#pending.add(request);
  }

  #lost(client: PgClient, error: Error, wasIdle: boolean): void {
    this.#recorder.failed(error);
    if (wasIdle && !this.#ending) this.#events.idleError(error, client);
    this.#dispatcher.run();
  }

  #closed(connection: Connection): void {
    this.#connections.remove(connection);
    this.#events.remove(connection.client);
    this.#dispatcher.run();
    this.#windDown();
  }

  /**
   * Those who wait are told, unless other connections serve them or waiting may help. A refusal
   * speaks for those who waited when the login began; who came later has another one.
   */
  #connectFailed({ error, server, since }: FailedLogin): void {
    if (this.#connections.length === 0 && !isWorthWaiting(error)) {
      const { connectTimeoutMillis } = this.#options;
      const details = { cause: error, stats: this.stats() };
      const isMute = isConnectTimeout(error);
      const told = isMute ? new ConnectTimeoutError(server, connectTimeoutMillis, details) : error;
      for (const request of this.#pending.takeAll(isMute ? Infinity : since)) request.fail(told);
    }
    this.#windDown();
  }

  #refuseLate(requests: Request[]): void {
    // They have left the queue by now, but it is their wait that the figures explain.
    const stats = { ...this.stats(), pending: this.#pending.length + requests.length };
    const now = this.#clock.now();
    this.#recorder.counts.timeouts += requests.length;
    for (const request of requests) {
      const message = explainWait(now - request.enqueuedAt, stats);
      const error = new PoolTimeoutError(message, { stats });
      this.#events.timeout(error);
      request.fail(error);
    }
    this.#windDown();
  }

  #cut(): void {
    if (this.#ended) return;
    const error = new PoolClosedError('the pool was ended before this request was served');
    for (const request of this.#pending.takeAll()) request.fail(error);
    for (const connection of [...this.#connections]) connection.close();
    this.#windDown();
  }

  /** While ending: closes what nobody needs any more, and says so when nothing is left. */
  #windDown(): void {
    if (!this.#ending || this.#ended || this.#pending.length > 0) return;
    for (const connection of this.#connections.filter(({ isIdle }) => isIdle)) connection.close();
    if (this.#connections.length > 0) return;
    this.#ended = true;
    this.#connections.stop();
    this.#events.ended();
  }
}
