import pg from 'pg';
import type { LaneQuery } from '../../connection/lane-query.ts';
import type { ObservedClient } from '../../connection/observed-client.ts';
import { queryClasses } from '../../connection/query-classes.ts';
import { PoolCore } from '../../core.ts';
import { type PoolConfig, type PoolOptions, resolveOptions } from '../../options/index.ts';
import type { ClientClass, PgClient, PgModule, QueryClass } from '../../pg-internals.ts';
import { FakeClock } from '../fake-clock.ts';
import { FakeServer } from '../fake-server.ts';
import type { Call } from './call.ts';
import { Callers } from './callers.ts';
import { Cancels } from './cancels.ts';
import { ClientView, type Sent } from './client-view.ts';
import { dial } from './dial.ts';
import { Hold } from './hold.ts';
import { lawsOfExecution } from './laws/of-execution.ts';
import { lawsAtLend, lawsAtSend } from './laws/of-sending.ts';
import { idOf, LEARNT } from './texts.ts';
import { Turns } from './turns.ts';

const ClientOfPg = pg.Client as unknown as ClientClass & { prototype: PgClient; Query: QueryClass };
const queries = queryClasses(ClientOfPg.Query, (pg as unknown as PgModule).utils.prepareValue);
const queryOfPg = ClientOfPg.prototype.query;
/** How long a cancel request takes to a server that answers by itself. */
const CANCEL_MILLIS = 1;

export interface WorldOptions {
  readonly pool: PoolConfig;
  /** The server answers a goodbye. */
  readonly isPolite: boolean;
  /** What has come over the wire is run, though the connection be lost. */
  readonly worksOn: boolean;
  /** How long every command takes, in ms; 0: the server answers when it is told to. */
  readonly pace: number;
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
  readonly cancels = new Cancels(this.clock);
  readonly core: PoolCore;
  readonly options: PoolOptions;
  readonly callers = new Callers(this);
  readonly violations: string[] = [];
  /** What has happened, told when a law is broken. */
  readonly story: string[] = [];
  readonly views = new Map<PgClient, ClientView>();
  /** What the pool's own counters have to say as well. */
  readonly counts = {
    /** Answers of the shared lane. */
    answers: 0,
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
  /** The longest that a question has taken which costs the server nothing. */
  longestProbe = 0;
  /** Since when everybody who holds a connection waits for another one. */
  deadlock: { readonly who: string; readonly since: number } | undefined;
  /** Those who wait for connections to be open. */
  warmUps = 0;
  isEnding = false;
  #cutAt = Infinity;
  endedTimes = 0;
  readonly #worldOptions: WorldOptions;
  readonly #turns = new Turns();

  constructor(worldOptions: WorldOptions) {
    this.#worldOptions = worldOptions;
    this.server = new FakeServer({
      ...worldOptions,
      clock: this.clock,
      soon: (action) => this.#turns.soon(action),
      ran: (id, backend) => this.violations.push(...lawsOfExecution(this, id, backend)),
    });
    this.options = resolveOptions(worldOptions.pool, {}).options;
    const world = this;
    this.core = new PoolCore({
      options: this.options,
      clock: this.clock,
      createClient: () => this.#createClient(),
      cancel: (client, done) => this.#cancel(this.viewOf(client), done),
      query(this: PgClient, config: unknown, second: unknown, third: unknown) {
        return world.#sends(this, config, second, third);
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
        abandoned: () => this.counts.abandonedTransactions++,
        reset: () => this.#retireAll(),
        leak: ({ reclaimed }, checkout) => {
          const hold = this.holds.find((one) => one.checkout === checkout);
          if (hold) hold.leaks++;
          else this.violations.push('a leak was told of a checkout that was given back');
          if (hold && reclaimed) this.callers.reclaimed(hold);
        },
        ended: () => this.endedTimes++,
      },
    });
    for (const { text, millis } of LEARNT) {
      const profile = this.core.profiles.of(text);
      for (let i = 0; i < worldOptions.seen; i++) profile.observe(millis);
    }
  }

  get now(): number {
    return this.clock.now();
  }

  tell(event: string, { client }: Partial<Pick<ClientView, 'client'>> = {}): void {
    const where = client ? ` on ${[...this.views.keys()].indexOf(client) + 1}` : '';
    this.story.push(`${this.now.toFixed(3)} ${event}${where}`);
  }

  /** Whether a transaction's idle round trips are saved. */
  get savesTransactions(): boolean {
    return this.options.multiplex && this.options.pipelineTransactions;
  }

  /** The pool has ended by force. */
  get isCut(): boolean {
    return this.now >= this.#cutAt;
  }

  get holds(): Hold[] {
    return [...this.views.values()].flatMap(({ holds }) => holds);
  }

  /** Those that are given back when somebody says so. */
  get heldByCallers(): Hold[] {
    return this.holds.filter(({ isDriven }) => !isDriven);
  }

  /** In which of the three queues it stands; without a shared lane there is one. */
  queueOf({ pace }: Call): 'short' | 'alone' | 'whole' {
    if (!this.options.multiplex) return 'whole';
    return ({ short: 'short', medium: 'alone', long: 'whole' } as const)[pace];
  }

  viewOf(client: PgClient): ClientView {
    const view = this.views.get(client);
    if (!view) throw new Error('the pool has a client that nobody made');
    return view;
  }

  prewarm(count: number): void {
    this.warmUps++;
    this.core.prewarm(count, () => this.warmUps--);
  }

  end(timeoutMillis: number): void {
    this.isEnding = true;
    this.#cutAt = this.now + timeoutMillis;
    this.core.end(timeoutMillis);
  }

  /** Lets something happen, and the pool and pg finish what they do about it. */
  async act(action: () => void): Promise<void> {
    await this.#turns.act(action);
    await this.#rest();
  }

  /** Lets time pass from one timer to the next. */
  async pass(millis: number): Promise<void> {
    const end = this.now + millis;
    const step = () =>
      this.clock.advance(Math.min(end - this.now, Math.max(0, this.clock.untilNextTimer)));
    while (this.now < end) await this.#turns.act(step);
    await this.#rest();
  }

  async #rest(): Promise<void> {
    await this.#turns.rest();
    this.#noteParting();
    for (const view of this.views.values()) {
      if (view.isOpen && !view.isBusy) view.begunAt ??= this.now;
      view.idleSince = view.isIdle ? (view.idleSince ?? this.now) : undefined;
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
      this.tell('closed', view);
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
    view.client.query('SELECT 0 AS id', undefined, () => {});
  }

  #cancel(view: ClientView, done: (isOver: boolean) => void): void {
    this.tell('a cancel request', view);
    const request = this.cancels.ask(view, done);
    if (this.#worldOptions.pace === 0) return;
    this.clock.after(CANCEL_MILLIS, () => {
      if (!view.session.isSilent) this.cancels.deliver(request, 'last', false);
    });
  }

  #retireAll(): void {
    for (const view of this.views.values()) if (view.hasBegun) view.isRetiring = true;
  }

  /** Stands before pg's own listener, and so before all that the pool does about it. */
  #serverIsReady(view: ClientView, status: unknown): void {
    if (!view.isLoggedIn) {
      view.isLoggedIn = true;
      return;
    }
    if (view.session.destroyed) return;
    this.#noteParting();
    view.lastReadyAt = this.now;
    const sent = view.answered();
    this.tell(`ready (${status}) after ${nameOf(sent)}`, view);
    if (sent?.by === 'probe')
      this.longestProbe = Math.max(this.longestProbe, this.now - sent.sentAt);
    if (sent?.by !== 'lane' || status !== 'I') return;
    this.counts.answers++;
    view.uses++;
    this.callers.answered(sent.call);
  }

  /** Whatever is written to a connection, by whomever. */
  #sends(client: PgClient, config: unknown, second: unknown, third: unknown): unknown {
    const view = this.viewOf(client);
    if (config instanceof queries.LaneQuery) return this.#laneSends(view, config);
    const text = typeof config === 'string' ? config : (config as { text: string }).text;
    if (client._queryable && !client._ending) {
      if (text === '') view.write({ by: 'probe', sentAt: this.now });
      else if (typeof second === 'function') {
        this.tell(`the pool says ${text}`, view);
        view.write({ by: 'pool' });
      } else {
        const given = Array.isArray(second) ? second : (config as { values?: unknown[] }).values;
        this.#holderSends(view, text, given as string[] | undefined);
      }
    }
    return queryOfPg.call(client, config, second, third);
  }

  #holderSends(view: ClientView, text: string, values: readonly string[] = []): void {
    const call = this.callers.find(idOf(text, values));
    if (!call?.hold) {
      view.write({ by: 'application' });
      return;
    }
    this.tell(`${call.id} (${call.kind}) of ${call.hold.call.id} is sent`, view);
    this.callers.isSent(call, call.hold);
    view.write({ by: 'holder', call, hold: call.hold });
  }

  #laneSends(view: ClientView, config: LaneQuery): unknown {
    const query = config as LaneQuery & { text: string; values: string[] | undefined };
    const call = this.callers.find(idOf(query.text, query.values ?? []));
    if (!call?.profile) throw new Error(`the pool sent what nobody asked for: ${query.text}`);
    this.#noteParting();
    // It goes again at once because its plan was stale.
    const isAgain = call.state === 'under way';
    this.violations.push(...lawsAtSend(this, view, call, isAgain));
    if (!isAgain) this.callers.noteOvertaking(call);
    call.state = 'under way';
    call.sentAt = this.now;
    const { pace } = call;
    const expectedMillis = call.profile.expectedMillis ?? 0;
    this.tell(`${call.id} (${call.kind}) is sent`, view);
    const result = queryOfPg.call(view.client, query);
    if (isAgain) {
      this.counts.answers--;
      view.uses--;
    } else this.counts.served++;
    if (query.notSent) return result;
    view.isGivenBack = false;
    view.idleSince = undefined;
    view.write({ by: 'lane', call, pace, sentAt: this.now, expectedMillis });
    return result;
  }

  /** A caller has got what it asked for. */
  lent(call: Call, client: PgClient): Hold {
    const view = this.#viewOfFace(client);
    this.#noteParting();
    this.violations.push(...lawsAtLend(this, view, call));
    this.callers.noteOvertaking(call);
    const release = client.release;
    if (!release) throw new Error('a client was lent that nobody can give back');
    view.isGivenBack = false;
    view.idleSince = undefined;
    const { checkout } = view;
    const hold = new Hold({ view, client, call, checkout, since: this.now, release });
    this.tell(`${call.id} is lent`, view);
    view.holds.push(hold);
    view.uses++;
    this.counts.checkouts++;
    this.counts.served++;
    return hold;
  }

  /** Holders whose transaction is ending may have made room for others. */
  #noteParting(): void {
    if (!this.savesTransactions) return;
    for (const view of this.views.values()) view.noteParting();
  }

  #viewOfFace(client: PgClient): ClientView {
    const { connection } = client;
    const view = [...this.views.values()].find((one) => one.client.connection === connection);
    if (!view) throw new Error('the pool has a client that nobody made');
    return view;
  }
}

function nameOf(sent: Sent | undefined): string {
  return sent && 'call' in sent ? sent.call.id : `${sent?.by}`;
}
