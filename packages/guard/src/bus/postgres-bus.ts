import { within } from '../time/within.ts';
import type { Bus, BusListener, BusSubscription } from './bus.ts';
import { startHeartbeat } from './heartbeat.ts';
import { type Link, Subscriptions } from './subscriptions.ts';

const CONNECT_LIMIT_MILLIS = 10_000;
const PUBLISH_LIMIT_MILLIS = 2_000;
/** A connection gone silent is found two seconds after that. */
const HEARTBEAT_MILLIS = 5_000;
const END_LIMIT_MILLIS = 2_000;
const FIRST_PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 5_000;
/** NOTIFY takes less than 8000 bytes. */
const MAX_BYTES = 7_999;
/** LISTEN would cut a longer name short, and hear nothing. */
const MAX_NAME_BYTES = 63;

/** A connection of its own, such as a `pg.Client` that is connected. */
export interface ListenClient {
  query(text: string, values?: unknown[]): Promise<unknown>;
  on(event: 'notification', listener: (message: Notification) => void): unknown;
  on(event: 'error' | 'end', listener: (error?: Error) => void): unknown;
  end(): Promise<void>;
}

interface Notification {
  readonly channel: string;
  readonly payload?: string | undefined;
}

export interface PostgresBusOptions {
  /**
   * Opens a connection: `async () => { const client = new pg.Client(url); await client.connect(); return
   * client; }`. Straight to the server, or through a pooler in session mode: in transaction mode PgBouncer
   * forgets who listens.
   */
  connect(): Promise<ListenClient>;
  /** How often the connection is asked whether it is alive, in milliseconds; default 5 000. */
  heartbeatMillis?: number;
}

/**
 * A bus over LISTEN and NOTIFY, for services that have nothing but PostgreSQL. Costs one connection for each
 * process, which hears and tells. A lost one is made again, after 0.1 to 5 s.
 */
export function postgresBus(options: PostgresBusOptions): Bus {
  return new PostgresBus(options);
}

class PostgresBus implements Bus {
  readonly #connect: () => Promise<ListenClient>;
  readonly #heartbeatMillis: number;
  readonly #subscriptions = new Subscriptions();
  #client: ListenClient | undefined;
  #stopHeartbeat = () => {};
  #lastQuery: Promise<unknown> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #attempts = 0;
  #isStarted = false;
  #isClosed = false;

  constructor({ connect, heartbeatMillis = HEARTBEAT_MILLIS }: PostgresBusOptions) {
    this.#connect = connect;
    this.#heartbeatMillis = heartbeatMillis;
  }

  async publish(channel: string, text: string): Promise<void> {
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_BYTES) {
      throw new RangeError(`a message of ${bytes} bytes: NOTIFY takes at most ${MAX_BYTES}`);
    }
    this.#start();
    if (!this.#client) throw new Error('the bus has no connection to PostgreSQL at the moment');
    const notified = this.#query(this.#client, 'SELECT pg_notify($1, $2)', [channel, text]);
    await within(PUBLISH_LIMIT_MILLIS, 'PostgreSQL', notified);
  }

  subscribe(channel: string, listener: BusListener): BusSubscription {
    if (Buffer.byteLength(channel) > MAX_NAME_BYTES) {
      throw new RangeError(`the channel ${channel}: LISTEN takes at most ${MAX_NAME_BYTES} bytes`);
    }
    this.#start();
    return this.#subscriptions.add(channel, listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    const client = this.#client;
    this.#forget(client);
    if (client) await within(END_LIMIT_MILLIS, 'PostgreSQL', client.end()).catch(() => {});
  }

  #start(): void {
    if (this.#isStarted || this.#isClosed) return;
    this.#isStarted = true;
    void this.#open();
  }

  async #open(): Promise<void> {
    // Also one that throws at once only fails this attempt.
    const connecting = (async () => this.#connect())();
    let client: ListenClient;
    try {
      client = await within(CONNECT_LIMIT_MILLIS, 'PostgreSQL', connecting);
    } catch {
      // One that comes after all is too late.
      connecting.then(
        (late) => this.#abandon(late),
        () => {},
      );
      this.#openLater();
      return;
    }
    if (this.#isClosed) {
      this.#abandon(client);
      return;
    }
    this.#client = client;
    this.#lastQuery = Promise.resolve();
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    client.on('notification', ({ channel, payload = '' }) => {
      if (client === this.#client) this.#subscriptions.hear(channel, payload);
    });
    this.#stopHeartbeat = startHeartbeat(
      this.#heartbeatMillis,
      () => this.#query(client, 'SELECT 1'),
      () => this.#lost(client),
    );
    this.#subscriptions.connected(this.#linkOver(client));
  }

  #linkOver(client: ListenClient): Link {
    const run = (text: string) =>
      within(CONNECT_LIMIT_MILLIS, 'PostgreSQL', this.#query(client, text));
    return {
      listen: async (channels) => {
        try {
          await run(channels.map((channel) => `LISTEN ${quoted(channel)}`).join('; '));
          this.#attempts = 0;
        } catch (error) {
          this.#lost(client);
          throw error;
        }
      },
      unlisten: async (channel) => void (await run(`UNLISTEN ${quoted(channel)}`)),
    };
  }

  #lost(client: ListenClient): void {
    if (this.#client !== client) return;
    this.#forget(client);
    this.#abandon(client);
    this.#openLater();
  }

  #forget(client: ListenClient | undefined): void {
    if (this.#client !== client) return;
    this.#stopHeartbeat();
    this.#client = undefined;
    this.#subscriptions.lost();
  }

  #abandon(client: ListenClient): void {
    // It may be lost without having noticed; then its end has an error of its own.
    client.on('error', () => {});
    client.end().catch(() => {});
  }

  #openLater(): void {
    if (this.#isClosed) return;
    const longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * 2 ** this.#attempts++);
    // Half of it by chance, so that all processes do not come back in the same moment.
    const pause = (longest / 2) * (1 + Math.random());
    this.#retry = setTimeout(() => void this.#open(), pause).unref();
  }

  /** One after the other: pg takes a second query of a client only until version 9. */
  #query(client: ListenClient, text: string, values?: unknown[]): Promise<unknown> {
    const run = () => client.query(text, values);
    const answer = this.#lastQuery.then(run, run);
    this.#lastQuery = answer;
    return answer;
  }
}

/** LISTEN takes a name, not a parameter. */
function quoted(channel: string): string {
  return `"${channel.replaceAll('"', '""')}"`;
}
