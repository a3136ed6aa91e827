import pg from 'pg';
import type { LaneQuery } from '../../connection/lane-query.ts';
import type { ObservedClient } from '../../connection/observed-client.ts';
import { queryClasses } from '../../connection/query-classes.ts';
import type { ClientClass, PgClient, PgModule, QueryClass } from '../../pg-internals.ts';
import type { Call } from './call.ts';
import { ClientView, type Sent } from './client-view.ts';
import { dial } from './dial.ts';
import { Hold } from './hold.ts';
import { lawsAtLend, lawsAtSend } from './laws/of-sending.ts';
import type { PoolWorld, WorldOptions } from './pool-world.ts';
import { idOf } from './texts.ts';

const ClientOfPg = pg.Client as unknown as ClientClass & { prototype: PgClient; Query: QueryClass };
const queryOfPg = ClientOfPg.prototype.query;
/** How long a cancel request takes to a server that answers by itself. */
const CANCEL_MILLIS = 1;

export const queries = queryClasses(
  ClientOfPg.Query,
  (pg as unknown as PgModule).utils.prepareValue,
);

/** Between the pool and its connections: sees what is said on them, and by whom. */
export class Wiretap {
  readonly views = new Map<PgClient, ClientView>();
  /** The longest that a question has taken which costs the server nothing. */
  longestProbe = 0;
  lastConnectFailureAt = -Infinity;
  readonly #world: PoolWorld;
  readonly #options: WorldOptions;

  constructor(world: PoolWorld, options: WorldOptions) {
    this.#world = world;
    this.#options = options;
  }

  createClient(): ObservedClient {
    const world = this.#world;
    const { server, clock, options } = world;
    const { client, wire, session } = dial(server, clock, options.connectTimeoutMillis);
    const view = new ClientView(client, session, clock.now(), this.views.size + 1);
    this.views.set(client, view);
    if (server.open.length > options.max) world.violations.push('more connections than max');
    wire.on('readyForQuery', ({ status }) => this.#serverIsReady(view, status));
    session.once('close', () => {
      world.tell('closed', view);
      if (view.isLoggedIn || client._ending) return;
      this.lastConnectFailureAt = clock.now();
      world.counts.connectFailures++;
    });
    if (this.#options.logsIn) server.soon(() => session.destroyed || session.login('accepted'));
    return client;
  }

  /** The application sees a new connection. */
  greet(client: PgClient): void {
    this.#world.counts.connects++;
    if (!this.#options.greets) return;
    client.query('SELECT 0 AS id', undefined, () => {});
  }

  cancel(client: PgClient, done: (isOver: boolean) => void): void {
    const { cancels, clock, server } = this.#world;
    const view = this.#viewOf(client);
    this.#world.tell('a cancel request', view);
    const request = cancels.ask(view, done);
    if (server.pace === 0) return;
    clock.after(CANCEL_MILLIS, () => {
      if (!view.session.isSilent) cancels.deliver(request, 'last', false);
    });
  }

  /** Whatever is written to a connection, by whomever. */
  sends(client: PgClient, config: unknown, second: unknown, third: unknown): unknown {
    const view = this.#viewOf(client);
    if (config instanceof queries.LaneQuery) return this.#laneSends(view, config);
    const text = typeof config === 'string' ? config : (config as { text: string }).text;
    if (client._queryable && !client._ending) {
      if (text === '') view.write({ by: 'probe', sentAt: this.#world.now });
      else if (typeof second === 'function') {
        this.#world.tell(`the pool says ${text}`, view);
        view.write({ by: 'pool' });
      } else {
        const given = Array.isArray(second) ? second : (config as { values?: unknown[] }).values;
        this.#holderSends(view, text, given as string[] | undefined);
      }
    }
    return queryOfPg.call(client, config, second, third);
  }

  /** A caller has got what it asked for. */
  lent(call: Call, client: PgClient): Hold {
    const world = this.#world;
    const view = this.#viewOf(client);
    this.noteParting();
    world.violations.push(...lawsAtLend(world, view, call));
    world.callers.noteOvertaking(call);
    const release = client.release;
    if (!release) throw new Error('a client was lent that nobody can give back');
    const { checkout } = view;
    const hold = new Hold({ view, client, call, checkout, since: world.now, release });
    world.tell(`${call.id} is lent`, view);
    view.lend(hold);
    world.counts.checkouts++;
    world.counts.served++;
    return hold;
  }

  /** Holders whose transaction is ending may have made room for others. */
  noteParting(): void {
    if (!this.#world.savesTransactions) return;
    for (const view of this.views.values()) view.noteParting();
  }

  /** Stands before pg's own listener, and so before all that the pool does about it. */
  #serverIsReady(view: ClientView, status: unknown): void {
    const { now, counts, callers } = this.#world;
    if (!view.isLoggedIn) {
      view.isLoggedIn = true;
      return;
    }
    if (view.session.destroyed) return;
    this.noteParting();
    view.lastReadyAt = now;
    const sent = view.answered();
    this.#world.tell(`ready (${status}) after ${nameOf(sent)}`, view);
    if (sent?.by === 'probe') this.longestProbe = Math.max(this.longestProbe, now - sent.sentAt);
    if (sent?.by !== 'lane' || status !== 'I') return;
    counts.answers++;
    view.uses++;
    callers.answered(sent.call);
  }

  #holderSends(view: ClientView, text: string, values: readonly string[] = []): void {
    const call = this.#world.callers.find(idOf(text, values));
    if (!call?.hold) {
      view.write({ by: 'application' });
      return;
    }
    this.#world.tell(`${call.id} (${call.kind}) of ${call.hold.call.id} is sent`, view);
    this.#world.callers.isSent(call, call.hold);
    view.write({ by: 'holder', call, hold: call.hold });
  }

  #laneSends(view: ClientView, config: LaneQuery): unknown {
    const world = this.#world;
    const query = config as LaneQuery & { text: string; values: string[] | undefined };
    const call = world.callers.find(idOf(query.text, query.values ?? []));
    if (!call?.profile) throw new Error(`the pool sent what nobody asked for: ${query.text}`);
    this.noteParting();
    // It goes again at once because its plan was stale.
    const isAgain = call.state === 'under way';
    world.violations.push(...lawsAtSend(world, view, call, isAgain));
    if (!isAgain) world.callers.noteOvertaking(call);
    call.isSent(view, world.now);
    const { pace } = call;
    const expectedMillis = call.profile.expectedMillis ?? 0;
    world.tell(`${call.id} (${call.kind}) is sent`, view);
    const result = queryOfPg.call(view.client, query);
    if (isAgain) {
      world.counts.answers--;
      view.uses--;
    } else world.counts.served++;
    if (query.notSent) return result;
    view.write({ by: 'lane', call, pace, sentAt: world.now, expectedMillis });
    return result;
  }

  /** A client has two faces at most, and one wire. */
  #viewOf(client: PgClient): ClientView {
    const { connection } = client;
    const view =
      this.views.get(client) ??
      [...this.views.values()].find((one) => one.client.connection === connection);
    if (!view) throw new Error('the pool has a client that nobody made');
    return view;
  }
}

function nameOf(sent: Sent | undefined): string {
  return sent && 'call' in sent ? sent.call.id : `${sent?.by}`;
}
