import { within } from '../time/within.ts';
import type { Bus, BusListener, BusSubscription } from './bus.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { RedisBusClient, RedisSubscriber } from './redis-client.ts';
import { Subscriptions } from './subscriptions.ts';

const PUBLISH_LIMIT_MILLIS = 2_000;
const LISTEN_LIMIT_MILLIS = 10_000;
/** A connection gone silent is found two seconds after that. */
const HEARTBEAT_MILLIS = 5_000;

export interface RedisBusOptions {
  /** How often the listening connection is asked whether it is alive, in milliseconds; default 5 000. */
  heartbeatMillis?: number;
}

/**
 * A bus over Redis' publish and subscribe. Costs one connection besides the client's own, opened when
 * somebody subscribes; the client stays yours to close.
 *
 * @param client of ioredis, or one with the same methods. Not a Cluster: it changes the node that it listens
 *   on without telling, and what was published meanwhile is lost unseen.
 */
export function redisBus(client: RedisBusClient, options: RedisBusOptions = {}): Bus {
  return new RedisBus(client, options.heartbeatMillis ?? HEARTBEAT_MILLIS);
}

class RedisBus implements Bus {
  readonly #client: RedisBusClient;
  readonly #heartbeatMillis: number;
  readonly #subscriptions = new Subscriptions();
  #subscriber: RedisSubscriber | undefined;
  #stopHeartbeat = () => {};
  #isClosed = false;

  constructor(client: RedisBusClient, heartbeatMillis: number) {
    this.#client = client;
    this.#heartbeatMillis = heartbeatMillis;
  }

  async publish(channel: string, text: string): Promise<void> {
    await within(PUBLISH_LIMIT_MILLIS, 'Redis', this.#client.publish(channel, text));
  }

  subscribe(channel: string, listener: BusListener): BusSubscription {
    if (!this.#isClosed) this.#subscriber ??= this.#open();
    return this.#subscriptions.add(channel, listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopHeartbeat();
    this.#subscriptions.lost();
    this.#subscriber?.disconnect();
  }

  #open(): RedisSubscriber {
    // ioredis would also subscribe again by itself, and leave its failure unhandled: the end of the process.
    const subscriber = this.#client.duplicate({ autoResubscribe: false });
    // `close` tells it as well; without a listener ioredis writes to the console.
    subscriber.on('error', () => {});
    subscriber.on('message', (channel, text) => this.#subscriptions.hear(channel, text));
    subscriber.on('ready', () => {
      if (this.#isClosed) return;
      this.#subscriptions.connected({
        listen: (channels) => this.#listen(subscriber, channels),
        unlisten: async (channel) => void (await subscriber.unsubscribe(channel)),
      });
    });
    subscriber.on('close', () => this.#subscriptions.lost());
    // A client with lazyConnect hands that on to its duplicates.
    if (subscriber.status === 'wait') subscriber.connect().catch(() => {});
    this.#stopHeartbeat = startHeartbeat(
      this.#heartbeatMillis,
      async () => subscriber.status === 'ready' && (await subscriber.ping()),
      () => {
        if (!this.#isClosed && subscriber.status === 'ready') subscriber.disconnect(true);
      },
    );
    return subscriber;
  }

  async #listen(subscriber: RedisSubscriber, channels: readonly string[]): Promise<void> {
    try {
      await within(LISTEN_LIMIT_MILLIS, 'Redis', subscriber.subscribe(...channels));
    } catch (error) {
      if (!this.#isClosed && subscriber.status === 'ready') subscriber.disconnect(true);
      throw error;
    }
  }
}
