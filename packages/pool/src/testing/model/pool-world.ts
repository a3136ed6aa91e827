import pg from 'pg';
import type { LaneQuery } from '../../connection/lane-query.ts';
import type { ObservedClient } from '../../connection/observed-client.ts';
import { queryClasses } from '../../connection/query-classes.ts';
import { PoolCore } from '../../core.ts';
import { type PoolConfig, type PoolOptions, resolveOptions } from '../../options/index.ts';
import type { ClientClass, PgClient, PgModule, QueryClass } from '../../pg-internals.ts';
import { FakeClock } from '../fake-clock.ts';
import { FakeServer } from '../fake-server.ts';
import { type Call, LEARNT, queueOf } from './call.ts';
import { Callers } from './callers.ts';
import { ClientView, type Hold } from './client-view.ts';
import { dial } from './dial.ts';
import { lawsAtLend, lawsAtSend } from './laws.ts';
import { Turns } from './turns.ts';

const ClientOfPg = pg.Client as unknown as ClientClass & { prototype: PgClient; Query: QueryClass };
const queries = queryClasses(ClientOfPg.Query, (pg as unknown as PgModule).utils.prepareValue);
const queryOfPg = ClientOfPg.prototype.query;

/** Transactions on the wire have tests of their own, on a real server. */
const TRANSACTIONS = { pipelineTransactions: false };

export interface WorldOptions {
  readonly pool: PoolConfig;
  /** The server answers a goodbye. */
  readonly isPolite: boolean;
  /** Every login succeeds at once. */
  readonly logsIn: boolean;
  /** The application sends a statement on every new connection, and does not wait for it. */
  readonly greets: boolean;
  /** How often the texts were seen before. */
  readonly seen: number;
}

/**
 * A pool on a scripted server, with all that callers have asked of it. Whatever breaks a law is
 * written down in `violations`: thrown where it is seen, it would only meet the pool.
 */
export class PoolWorld {
  readonly clock = new FakeClock();
  readonly server: FakeServer;
  readonly core: PoolCore;
  readonly options: PoolOptions;
  readonly callers = new Callers(this);
  readonly violations: string[] = [];
  readonly views = new Map<PgClient, ClientView>();
  /** What the pool's own counters have to say as well. */
  readonly counts = {
    statements: 0,
    checkouts: 0,
    timeouts: 0,
    shed: 0,
    connects: 0,
    connectFailures: 0,
    abandonedTransactions: 0,
    served: 0,
    released: 0,
  };
  lastConnectFailureAt = -Infinity;
  isEnding = false;
  #cutAt = Infinity;
  endedTimes = 0;
  readonly #worldOptions: WorldOptions;
  readonly #turns = new Turns();

  constructor(worldOptions: WorldOptions) {
    this.#worldOptions = worldOptions;
    this.server = new FakeServer(worldOptions);
    this.options = resolveOptions({ ...worldOptions.pool, ...TRANSACTIONS }, {}).options;
    const world = this;
    this.core = new PoolCore({
      options: this.options,
      clock: this.clock,
      createClient: () => this.#createClient(),
      cancel: (_client, done) => done(true),
      query(this: PgClient, config: unknown, second: unknown, third: unknown) {
        // A holder's own, which the pool only passes on.
        if (typeof config === 'string' && typeof second !== 'function') {
          return queryOfPg.call(this, config, second, third);
        }
        return world.#poolSends(this, config, second);
      },
      queries,
      announce: (client) => this.#greet(this.viewOf(client)),
      log: () => {},
      events: {
        acquire: () => {},
        release: () => {},
        remove: () => {},
        idleError: () => {},
        timeout: () => {},
        shed: () => {},
        leakEnded: () => {},
        abandoned: () => {},
        reset: () => {},
        leak: (_leak, checkout) => {
          const hold = this.holds.find((one) => one.checkout === checkout);
          if (hold) hold.leaks++;
          else this.violations.push('a leak was told of a checkout that was given back');
        },
        ended: () => this.endedTimes++,
      },
    });
    for (const { text, millis } of LEARNT) {
      const profile = this.core.profiles.of(text);
      for (let i = 0; i < worldOptions.seen; i++) profile.observe(millis);
    }
  }

  /** The pool has ended by force. */
  get isCut(): boolean {
    return this.clock.now() >= this.#cutAt;
  }

  get holds(): Hold[] {
    return [...this.views.values()].flatMap(({ hold }) => hold ?? []);
  }

  /** Those that their callers give back. */
  get heldByCallers(): Hold[] {
    return this.holds.filter(({ call }) => call.kind === 'checkout');
  }

  queueOf(call: Call): 'short' | 'alone' | 'whole' {
    return queueOf(this.options.multiplex, call);
  }

  viewOf(client: PgClient): ClientView {
    const view = this.views.get(client);
    if (!view) throw new Error('the pool has a client that nobody made');
    return view;
  }

  end(timeoutMillis: number): void {
    this.isEnding = true;
    this.#cutAt = this.clock.now() + timeoutMillis;
    this.core.end(timeoutMillis);
  }

  /** Lets something happen, and the pool and pg finish what they do about it. */
  async act(action: () => void): Promise<void> {
    await this.#turns.act(action);
    await this.#rest();
  }

  /** Lets time pass from one timer to the next. */
  async pass(millis: number): Promise<void> {
    const end = this.clock.now() + millis;
    const step = () =>
      this.clock.advance(Math.min(end - this.clock.now(), this.clock.untilNextTimer));
    while (this.clock.now() < end) await this.#turns.act(step);
    await this.#rest();
  }

  async #rest(): Promise<void> {
    await this.#turns.rest();
    for (const view of this.views.values()) {
      view.idleSince = view.isIdle ? (view.idleSince ?? this.clock.now()) : undefined;
    }
  }

  #createClient(): ObservedClient {
    const { server, clock, options } = this;
    const { client, wire, session } = dial(server, clock, options.connectTimeoutMillis);
    const view = new ClientView(client, session, clock.now());
    this.views.set(client, view);
    if (server.open.length > options.max) this.violations.push('more connections than max');
    wire.on('readyForQuery', ({ status }) => this.#serverIsReady(view, status));
    session.once('close', () => {
      if (view.isLoggedIn || client._ending) return;
      this.lastConnectFailureAt = clock.now();
      this.counts.connectFailures++;
    });
    if (this.#worldOptions.logsIn)
      this.#turns.soon(() => session.destroyed || session.login('accepted'));
    return client;
  }

  #greet(view: ClientView): void {
    this.counts.connects++;
    if (!this.#worldOptions.greets) return;
    view.wire.push({ by: 'holder' });
    view.client.query('SELECT 0 AS id', undefined, () => {});
  }

  /** Stands before pg's own listener, and so before all that the pool does about it. */
  #serverIsReady(view: ClientView, status: unknown): void {
    if (!view.isLoggedIn) {
      view.isLoggedIn = true;
      return;
    }
    if (view.session.destroyed) return;
    view.lastReadyAt = this.clock.now();
    const sent = view.wire.shift();
    if (sent?.by !== 'lane' || status !== 'I') return;
    this.counts.statements++;
    view.uses++;
  }

  #poolSends(client: PgClient, config: unknown, callback: unknown): unknown {
    const view = this.viewOf(client);
    if (config === '' && typeof callback === 'function') {
      // What the pool measures and asks for a sign of life costs nothing here.
      callback(undefined);
      return undefined;
    }
    if (config === 'ROLLBACK') {
      this.counts.abandonedTransactions++;
      view.wire.push({ by: 'pool' });
      return queryOfPg.call(client, config, callback);
    }
    const query = config as LaneQuery & { text: string; values: unknown[] | undefined };
    const id = query.values?.[0] ?? /(\d+) AS id/.exec(query.text)?.[1];
    const call = this.callers.calls.find((one) => one.id === id);
    if (!call?.profile) throw new Error(`the pool sent a statement that nobody asked for: ${id}`);
    const isAgain = call.state === 'under way';
    this.violations.push(...lawsAtSend(this, view, call, isAgain));
    if (!isAgain) this.#noteOvertaking(call);
    call.state = 'under way';
    const result = queryOfPg.call(client, query);
    if (isAgain) {
      this.counts.statements--;
      view.uses--;
    } else this.counts.served++;
    if (!query.notSent)
      view.wire.push({ by: 'lane', call, pace: call.profile.pace, sentAt: this.clock.now() });
    return result;
  }

  #noteOvertaking(call: Call): void {
    if (this.queueOf(call) === 'short') return;
    for (const older of this.callers.calls.slice(0, Number(call.id) - 1)) {
      if (older.state === 'waiting' && this.queueOf(older) === 'short') older.overtaken++;
    }
  }

  /** A caller has got what it asked for. */
  lent(call: Call, client: PgClient): Hold {
    const view = this.viewOf(client);
    this.violations.push(...lawsAtLend(this, view, call));
    this.#noteOvertaking(call);
    const release = client.release;
    if (!release) throw new Error('a client was lent that nobody can give back');
    const { checkout } = view;
    const hold: Hold = { view, call, checkout, since: this.clock.now(), release, leaks: 0 };
    view.hold = hold;
    view.uses++;
    this.counts.checkouts++;
    this.counts.served++;
    return hold;
  }
}
