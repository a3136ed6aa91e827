import { PoolClosedError } from '../errors/index.ts';
import { isError } from '../errors/is-error.ts';
import { BackOff } from './back-off.ts';
import { Connection } from './connection.ts';
import type { ConnectionSetup } from './connection-setup.ts';
import type { ConnectionsListener, ConnectionsSetup } from './connections-setup.ts';
import { measure } from './measure.ts';
import { type Reaped, Reaper } from './reaper.ts';
import { RoundTrip } from './round-trip.ts';
import { prepareSession } from './session-hooks.ts';
import { termsOf } from './terms.ts';
import { WarmUps } from './warm-ups.ts';
import { Watch } from './watch.ts';

/** Share of a connection's lifetime that chance decides, so that they don't end together. */
const LIFETIME_JITTER = 0.1;

/** The connections of a pool: opens them, replaces the old, closes the idle. */
export class Connections implements Iterable<Connection>, Reaped {
  /** Connections to keep though idle; none once the pool is ending. */
  min: number;
  readonly #setup: ConnectionsSetup;
  /** What holds for each of them. */
  readonly #terms: ConnectionSetup;
  readonly #listener: ConnectionsListener;
  readonly #roundTrip = new RoundTrip();
  readonly #backOff = new BackOff();
  readonly #watch: Watch;
  #connections: Connection[] = [];
  #connecting = 0;
  readonly #warmUps = new WarmUps();
  #backingOff = false;
  readonly #reaper: Reaper;

  constructor(setup: ConnectionsSetup, listener: ConnectionsListener) {
    this.min = setup.options.min;
    this.#setup = setup;
    this.#listener = listener;
    this.#terms = termsOf(setup, listener.profiles, this.#roundTrip);
    this.#watch = new Watch(setup.clock, this);
    this.#reaper = new Reaper(setup.clock, this);
  }

  [Symbol.iterator](): Iterator<Connection> {
    return this.#connections[Symbol.iterator]();
  }

  get length(): number {
    return this.#connections.length;
  }

  get all(): readonly Connection[] {
    return this.#connections;
  }

  get isFull(): boolean {
    return this.length >= this.#setup.options.max;
  }

  /** Without those that are being closed: they only wait for the server's goodbye. */
  get lasting(): number {
    return this.#connections.filter(({ state }) => state !== 'closed').length;
  }

  get connecting(): number {
    return this.#connecting;
  }

  filter(keep: (connection: Connection) => boolean): Connection[] {
    return this.#connections.filter(keep);
  }

  /** Opens until `wanted` are on their way, unless the pool is full or the server wants peace. */
  grow(wanted: number): void {
    if (this.#backingOff) return;
    // A server that has just refused is asked by one, for all.
    const atOnce = this.#backOff.isFresh ? wanted : Math.min(wanted, 1);
    const room = this.#setup.options.max - this.length;
    for (let n = Math.min(atOnce - this.#connecting, room); n > 0; n--) this.#open();
  }

  /** Ahead of the first statement it is asked what the way to the server takes: that one need not wait for it. */
  measure(connection: Connection, now: number): void {
    const isNew = this.#setup.options.multiplex && !this.#roundTrip.isKnown;
    if (isNew && this.#roundTrip.isDue(now)) connection.probe();
  }

  retireIfUsedUp(connection: Connection): void {
    if (this.#isUsedUp(connection)) connection.retiring = true;
  }

  /** Called when a connection has nothing to do: closes it if it is used up, and watches its idleness. */
  rest(connection: Connection): void {
    if (!connection.isIdle) return;
    if (connection.retiring) {
      this.#closeUsedUp(connection);
      return;
    }
    const { options } = this.#setup;
    if (this.#roundTrip.isKnown && this.#roundTrip.isDue(connection.idleSince)) connection.probe();
    if (options.allowExitOnIdle) connection.client.unref?.();
    const idleUntil =
      options.idleTimeoutMillis > 0 ? connection.idleSince + options.idleTimeoutMillis : Infinity;
    this.#reaper.arm(Math.min(idleUntil, connection.expiresAt));
  }

  remove(connection: Connection): void {
    this.#connections = this.#connections.filter((other) => other !== connection);
  }

  /** Until `count` are open, those that are missing are opened though nobody waits for them. */
  prewarm(count: number, settle: (error?: Error) => void): void {
    this.#warmUps.add(count, settle);
    this.noticeWarm();
  }

  /** From now on none is opened but for those who wait. */
  keepNone(): void {
    this.min = 0;
    this.#warmUps.fail(new PoolClosedError('the pool was ended before its connections were open'));
  }

  get warm(): number {
    return this.#warmUps.count;
  }

  noticeWarm(): void {
    if (this.#warmUps.count > 0) this.#warmUps.notice(this.lasting - this.#connecting);
  }

  /** Each goes as soon as it has nothing to do. */
  retireAll(): void {
    for (const connection of [...this.#connections]) {
      if (connection.state === 'connecting' || connection.state === 'closed') continue;
      connection.retiring = true;
      this.rest(connection);
    }
  }

  watch(): void {
    this.#watch.arm();
  }

  /** Asks those that nobody uses for a sign of life. */
  probe(): void {
    for (const connection of this.#connections) connection.probe();
  }

  stop(): void {
    this.#watch.stop();
    this.#reaper.stop();
  }

  #isUsedUp({ uses, expiresAt }: Connection, now?: number): boolean {
    if (uses >= this.#setup.options.maxUses) return true;
    return expiresAt !== Infinity && (now ?? this.#setup.clock.now()) >= expiresAt;
  }

  #closeUsedUp(connection: Connection): void {
    const { options, log } = this.#setup;
    // The first two are pg-pool's words.
    if (connection.uses >= options.maxUses) log('remove expended client');
    else log(this.#isUsedUp(connection) ? 'remove expired client' : 'remove retired client');
    connection.close();
  }

  #open(): void {
    const { options, clock, createClient } = this.#setup;
    const { recorder } = this.#listener;
    const since = clock.now();
    let connection: Connection;
    try {
      const expiresAt = this.#expiryFrom(since);
      connection = new Connection(createClient(), expiresAt, this.#terms, this.#listener);
    } catch (error) {
      // A certificate file that can't be read, for one: pg reads it in the constructor.
      process.nextTick(() => this.#failed(error, since));
      return;
    }
    this.#setup.log('connecting new client');
    // Not by push, which would make room for more.
    this.#connections = this.#connections.concat(connection);
    recorder.peakConnections = Math.max(recorder.peakConnections, this.length);
    this.#connecting++;
    const { client } = connection;
    const heard = this.#terms.pooler.listen(client);
    const loggedIn = (error: Error | null) => {
      if (error || connection.state === 'closed') {
        this.#connecting--;
        this.#failed(error ?? new Error('the pool was ended'), since, connection);
        return;
      }
      heard();
      connection.connected();
      const limit = { clock, millis: options.connectTimeoutMillis };
      prepareSession(client, this.#setup, limit, (hookError) => {
        this.#connecting--;
        // It may have been lost meanwhile, when no statement of the hooks was under way to tell of it.
        if (hookError || connection.state === 'closed') {
          connection.close();
          this.#failed(
            hookError ?? new Error('Connection terminated unexpectedly'),
            since,
            connection,
          );
          return;
        }
        this.#backOff.reset();
        recorder.counts.connects++;
        recorder.lastConnectError = undefined;
        recorder.connectFailure = undefined;
        this.#setup.log('new client connected');
        recorder.create.record(clock.now() - since);
        // pg calls back just before it notes that the server is ready.
        process.nextTick(() => {
          // A pooler greets before it has a session to lend: until then it is of no use.
          if (client.connection && this.#terms.pooler.isThere) measure(client, this.#terms);
          connection.begin();
        });
      });
    };
    try {
      client.connect(loggedIn);
    } catch (error) {
      // A port that is none, for one.
      process.nextTick(loggedIn, error as Error);
    }
  }

  #expiryFrom(since: number): number {
    const { maxLifetimeSeconds } = this.#setup.options;
    if (maxLifetimeSeconds === 0) return Infinity;
    return since + maxLifetimeSeconds * 1_000 * (1 - Math.random() * LIFETIME_JITTER);
  }

  #failed(why: unknown, since: number, connection?: Connection): void {
    // A function that fetches the password may throw anything.
    const error = isError(why) ? why : new Error(`the login failed: ${why}`, { cause: why });
    const { log } = this.#setup;
    const { recorder } = this.#listener;
    if (connection) {
      connection.state = 'closed';
      this.remove(connection);
      // pg leaves a client open whose login was refused; a late error of it concerns nobody.
      connection.client.on('error', () => {});
      // A client of another kind than pg's may have no wire.
      connection.client.connection?.stream.destroy();
    }
    recorder.counts.connectFailures++;
    recorder.lastConnectError = error.message;
    recorder.connectFailure = error;
    log('client failed to connect', error);
    this.#pause();
    this.#warmUps.fail(error);
    const { host, port } = connection?.client ?? { host: 'the server', port: 0 };
    this.#listener.connectFailed({ error, since, server: port ? `${host}:${port}` : host });
  }

  /** Leaves the server alone for a while; several logins that failed together are one reason. */
  #pause(): void {
    if (this.#backingOff) return;
    this.#backingOff = true;
    this.#setup.clock.after(
      this.#backOff.next(),
      () => {
        this.#backingOff = false;
        this.#listener.mayConnect();
      },
      { keepsProcessAlive: true },
    );
  }

  nextDue(): number {
    const { idleTimeoutMillis } = this.#setup.options;
    let due = Infinity;
    const spare = this.lasting > this.min && idleTimeoutMillis > 0;
    for (const connection of this.#connections) {
      if (!connection.isIdle) continue;
      if (spare) due = Math.min(due, connection.idleSince + idleTimeoutMillis);
      due = Math.min(due, connection.expiresAt);
    }
    return due;
  }

  reap(now: number): void {
    const { options, log } = this.#setup;
    let spare = options.idleTimeoutMillis > 0 ? this.lasting - this.min : 0;
    for (const connection of this.#connections.slice()) {
      if (!connection.isIdle) continue;
      const idleTooLong = now - connection.idleSince >= options.idleTimeoutMillis;
      if (idleTooLong && spare > 0) {
        spare--;
        log('remove idle client');
        connection.close();
      } else if (this.#isUsedUp(connection, now)) {
        this.#closeUsedUp(connection);
      }
    }
  }
}
