import type { Checkout } from './checkout/checkout.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection/connection.ts';
import { Connections, type ConnectionsSetup } from './connection/connections.ts';
import type { Answer } from './connection/lane.ts';
import type { StatementConfig } from './connection/lane-query.ts';
import { isWorthWaiting } from './connection/refusals.ts';
import { currentContext } from './context/context.ts';
import { chooseForShort, chooseHeldBack, wholesAllowed } from './dispatch/choose.ts';
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
import { StatementProfiles } from './statement/profiles.ts';
import type { PoolStats } from './stats/pool-stats.ts';
import { Recorder } from './stats/recorder.ts';

/** A reserve for the shared lane would leave less than two for everybody else. */
const RESERVE_FROM_MAX = 3;

/** What the pool tells the outside; the shell turns it into pg-pool's events. */
export interface PoolEvents {
  acquire(client: PgClient): void;
  release(error: unknown, client: PgClient): void;
  remove(client: PgClient): void;
  /** A connection failed that nobody was using. */
  idleError(error: Error, client: PgClient): void;
  timeout(error: PoolTimeoutError): void;
  leak(checkout: Checkout): void;
  ended(): void;
}

export interface CoreSetup extends Omit<ConnectionsSetup, 'recorder'> {
  readonly options: PoolOptions;
  readonly clock: Clock;
  readonly events: PoolEvents;
}

/**
 * The pool itself: requests on one side, connections on the other, and `#dispatch` between them,
 * which runs whenever either side has changed.
 */
export class PoolCore {
  readonly profiles = new StatementProfiles();
  readonly #options: PoolOptions;
  readonly #clock: Clock;
  readonly #events: PoolEvents;
  readonly #recorder: Recorder;
  readonly #pending: PendingRequests;
  readonly #connections: Connections;
  #ending = false;
  #ended = false;

  constructor(setup: CoreSetup) {
    this.#options = setup.options;
    this.#clock = setup.clock;
    this.#events = setup.events;
    this.#recorder = new Recorder(setup.clock);
    this.#pending = new PendingRequests(setup.clock, (requests) => this.#refuseLate(requests));
    this.#connections = new Connections(
      { ...setup, recorder: this.#recorder },
      {
        available: (connection) => this.#available(connection),
        answered: (connection, answer) => this.#answered(connection, answer),
        abandoned: () => this.#recorder.counts.abandonedTransactions++,
        closed: (connection, loss) => this.#closed(connection, loss),
        connectFailed: (error, server) => this.#connectFailed(error, server),
        mayConnect: () => this.#dispatch(),
      },
    );
  }

  get clients(): PgClient[] {
    return [...this.#connections].map((connection) => connection.client);
  }

  get total(): number {
    return this.#connections.filter(({ state }) => state !== 'closed').length;
  }

  get idle(): number {
    return this.#connections.filter((connection) => connection.isIdle).length;
  }

  get pending(): number {
    return this.#pending.length;
  }

  get expired(): number {
    return this.#connections.filter((connection) => connection.retiring).length;
  }

  /** Sends one autocommit statement on the shared lane. */
  query(config: StatementConfig, settle: StatementCallback): void {
    const now = this.#clock.now();
    const context = currentContext();
    const profile = this.profiles.of(config.text);
    const underWay = context?.request?.begin(profile.text);
    if (context && underWay) this.#recorder.fanOuts.notice(context, profile.text, underWay);
    this.#enter(
      new StatementRequest(config, profile, now, this.#deadlineFrom(now), context, settle),
    );
  }

  /** Lends a connection to one caller alone. */
  checkout(settle: CheckoutCallback): void {
    const now = this.#clock.now();
    this.#enter(new CheckoutRequest(now, this.#deadlineFrom(now), currentContext(), settle));
  }

  /**
   * Refuses whoever comes from now on, serves those who wait, and closes the connections.
   * After `timeoutMillis` it refuses those too and cuts what is still under way.
   */
  end(timeoutMillis: number): void {
    this.#ending = true;
    if (timeoutMillis !== Infinity) this.#clock.after(timeoutMillis, () => this.#cut());
    this.#windDown();
  }

  stats(): PoolStats {
    const now = this.#clock.now();
    const connections = [...this.#connections];
    const inFlight = connections.map(({ lane }) => lane.length);
    const checkouts = connections.flatMap(({ checkout }) => (checkout ? [checkout] : []));
    const idle = this.idle;
    const connecting = this.#connections.connecting;
    return this.#recorder.snapshot(
      {
        connections: {
          max: this.#options.max,
          total: connections.length,
          idle,
          connecting,
          checkedOut: checkouts.length,
          shared: inFlight.filter((count) => count > 0).length,
        },
        pending: this.#pending.length,
        inFlight: inFlight.reduce((sum, count) => sum + count, 0),
        holders: checkouts.map((checkout) => checkout.describe(now)),
      },
      this.profiles.all(),
    );
  }

  #deadlineFrom(now: number): number {
    const { connectionTimeoutMillis } = this.#options;
    return connectionTimeoutMillis === 0 ? Infinity : now + connectionTimeoutMillis;
  }

  #enter(request: Request): void {
    this.#pending.add(request);
    this.#dispatch();
    const { maxWaiting } = this.#options;
    if (this.#pending.length <= maxWaiting || !request.list) return;
    this.#pending.remove(request);
    this.#recorder.counts.shed++;
    const message = `refused at once: ${maxWaiting} requests are waiting already (maxWaiting)`;
    const error = new PoolOverloadedError(message, { stats: this.stats() });
    process.nextTick(() => request.fail(error));
  }

  #dispatch(): void {
    this.#serveWholes();
    this.#serveShorts();
    if (this.#needsMore()) this.#connections.grow();
  }

  /** Checkouts, and statements that are long or unknown: each takes an empty connection. */
  #serveWholes(): void {
    let request = this.#pending.nextWhole;
    if (!request) return;
    let allowed = wholesAllowed(this.#demand());
    for (const connection of this.#connections) {
      if (!request || allowed <= 0) return;
      if (!connection.isIdle || connection.retiring) continue;
      allowed--;
      this.#pending.remove(request);
      if (request instanceof StatementRequest) this.#send(request, connection);
      else this.#lend(request as CheckoutRequest, connection);
      request = this.#pending.nextWhole;
    }
  }

  #serveShorts(): void {
    let request = this.#pending.nextShort;
    if (!request) return;
    const open = this.#connections.filter((c) => c.state === 'lane' && !c.retiring);
    const lanes = open.map(({ lane }) => lane);
    const heldBack = this.#mayGrow() ? NOTHING : chooseHeldBack(lanes, this.#demand());
    const choice = { now: this.#clock.now(), depth: this.#depth, heldBack };
    while (request) {
      const oldestWhole = this.#pending.nextWhole;
      // With no lane left to the short ones, they and the others take turns by age.
      const allHeldBack = heldBack.size > 0 && heldBack.size >= lanes.length;
      const mayPass = allHeldBack && oldestWhole && request.enqueuedAt < oldestWhole.enqueuedAt;
      const lane = chooseForShort(lanes, mayPass ? { ...choice, heldBack: NOTHING } : choice);
      if (!lane) return;
      this.#pending.remove(request);
      this.#send(request, open[lanes.indexOf(lane)] as Connection);
      request = this.#pending.nextShort;
    }
  }

  #send(request: StatementRequest, connection: Connection): void {
    const now = this.#clock.now();
    this.#recorder.served(now - request.enqueuedAt);
    this.#use(connection);
    const error = connection.lane.send(request, now);
    if (!error) return;
    this.#events.release(undefined, connection.client);
    process.nextTick(() => request.fail(error));
  }

  #lend(request: CheckoutRequest, connection: Connection): void {
    const now = this.#clock.now();
    const { client } = connection;
    this.#recorder.served(now - request.enqueuedAt);
    this.#recorder.counts.checkouts++;
    const checkout = connection.lend(request.context);
    const cancelLeakTimer = this.#watchForLeak(checkout);
    let released = false;
    client.release = (error) => {
      if (released) {
        throw new Error('Release called on client which has already been released to the pool.');
      }
      released = true;
      cancelLeakTimer?.();
      this.#release(connection, checkout, error);
    };
    this.#use(connection);
    request.lend(client);
  }

  #use({ client }: Connection): void {
    if (this.#options.allowExitOnIdle) client.ref();
    this.#events.acquire(client);
  }

  #watchForLeak(checkout: Checkout): (() => void) | undefined {
    const { leakThresholdMillis } = this.#options;
    if (leakThresholdMillis === 0) return undefined;
    return this.#clock.after(leakThresholdMillis, () => this.#events.leak(checkout));
  }

  #release(connection: Connection, checkout: Checkout, error: unknown): void {
    this.#recorder.checkoutEnded(checkout.describe(this.#clock.now()));
    this.#events.release(error, connection.client);
    if (connection.state === 'closed') return;
    if (error) connection.close();
    else connection.giveBack();
  }

  #available(connection: Connection): void {
    this.#dispatch();
    if (this.#ending) this.#windDown();
    else this.#connections.rest(connection);
  }

  #answered(connection: Connection, answer: Answer): void {
    const { profile } = answer.request;
    const wasShort = profile.isShort;
    this.#recorder.answered(answer);
    if (!wasShort && profile.isShort) this.#pending.becameShort(profile);
    this.#events.release(undefined, connection.client);
  }

  #closed(connection: Connection, loss: { error: Error; wasIdle: boolean } | undefined): void {
    this.#connections.remove(connection);
    if (loss) {
      this.#recorder.failed(loss.error);
      if (loss.wasIdle && !this.#ending) this.#events.idleError(loss.error, connection.client);
    }
    this.#events.remove(connection.client);
    this.#dispatch();
    this.#windDown();
  }

  /** Those who wait are told, unless other connections serve them or waiting may help. */
  #connectFailed(error: Error, server: string): void {
    if (this.#connections.length === 0 && !isWorthWaiting(error)) {
      const { connectTimeoutMillis } = this.#options;
      const told =
        error.message === PG_CONNECT_TIMEOUT
          ? new ConnectTimeoutError(server, connectTimeoutMillis, {
              cause: error,
              stats: this.stats(),
            })
          : error;
      for (const request of this.#pending.takeAll()) request.fail(told);
    }
    this.#windDown();
  }

  #refuseLate(requests: Request[]): void {
    const stats = this.stats();
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

  get #depth(): number {
    return this.#options.multiplex ? this.#options.multiplexDepth : 1;
  }

  #mayGrow(): boolean {
    return this.#connections.length < this.#options.max;
  }

  #needsMore(): boolean {
    if (this.#pending.shorts > 0) return true;
    if (this.#pending.wholes > 0) return wholesAllowed(this.#demand()) > 0;
    return this.#connections.length > 0 && this.#connections.length < this.#options.min;
  }

  #demand() {
    const { max, reserveShared, multiplex } = this.#options;
    return {
      waiting: this.#pending.wholes,
      max,
      taken: this.#connections.filter(({ isTaken }) => isTaken).length,
      reserved: multiplex && reserveShared && max >= RESERVE_FROM_MAX ? 1 : 0,
    };
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

/** What pg says when its own connect time-out has struck. */
const PG_CONNECT_TIMEOUT = 'timeout expired';
const NOTHING: ReadonlySet<never> = new Set();
