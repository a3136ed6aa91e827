import type { RedisBusClient } from '../bus/redis-client.ts';
import type { RedisHealth } from './redis-health.ts';

/** What the second level needs of a client; ioredis has it. */
export interface RedisCacheClient extends RedisBusClient {
  readonly options?: { readonly keyPrefix?: string | undefined };
  get(key: string): Promise<string | null>;
  set(key: string, value: string, unit: 'PX', millis: number): Promise<unknown>;
  unlink(key: string): Promise<unknown>;
  scan(
    cursor: string,
    match: 'MATCH',
    pattern: string,
    count: 'COUNT',
    keys: number,
  ): Promise<[cursor: string, keys: string[]]>;
}

const KEYS_PER_SCAN = 1_000;
/** bentocache gives its records of tags a time; nothing of ours is kept for ever. */
const LONGEST_LIFE_MILLIS = 30 * 86_400_000;

export interface ReadListener {
  /** Runs before anything is read: what is still to be dropped there must not be found. */
  before(): Promise<void>;
  /** Something was found. */
  found(key: string): void;
}

/**
 * bentocache's second level over a client of the application's: each operation has a limit, and none is tried
 * while Redis is known not to answer.
 */
export class RedisLevel {
  readonly type = 'l2';
  readonly #client: RedisCacheClient;
  readonly #prefix: string;
  readonly #health: RedisHealth;
  readonly #listener: ReadListener;

  constructor(
    client: RedisCacheClient,
    prefix: string,
    health: RedisHealth,
    listener: ReadListener,
  ) {
    this.#client = client;
    this.#prefix = prefix;
    this.#health = health;
    this.#listener = listener;
  }

  namespace(name: string): RedisLevel {
    const prefix = `${this.#prefix}:${name}`;
    return new RedisLevel(this.#client, prefix, this.#health, this.#listener);
  }

  async get(key: string): Promise<string | undefined> {
    await this.#listener.before();
    const text = await this.#health.run(() => this.#client.get(this.#named(key)));
    if (text === null) return undefined;
    this.#listener.found(key);
    return text;
  }

  async pull(key: string): Promise<string | undefined> {
    const value = await this.get(key);
    await this.delete(key);
    return value;
  }

  async set(key: string, value: string, millis = LONGEST_LIFE_MILLIS): Promise<boolean> {
    const life = Math.max(1, Math.ceil(millis));
    await this.#health.run(() => this.#client.set(this.#named(key), value, 'PX', life));
    return true;
  }

  async delete(key: string): Promise<boolean> {
    await this.#health.run(() => this.#client.unlink(this.#named(key)));
    return true;
  }

  async deleteMany(keys: string[]): Promise<boolean> {
    // One command each: in a cluster they are on different nodes; the client sends them together.
    await this.#health.run(() =>
      Promise.all(keys.map((key) => this.#client.unlink(this.#named(key)))),
    );
    return true;
  }

  async clear(): Promise<void> {
    // SCAN, unlike all others, takes and gives names with the client's own prefix.
    const clientPrefix = this.#client.options?.keyPrefix ?? '';
    const pattern = `${escaped(`${clientPrefix}${this.#prefix}`)}:*`;
    let cursor = '0';
    do {
      const [next, keys] = await this.#health.run(() =>
        this.#client.scan(cursor, 'MATCH', pattern, 'COUNT', KEYS_PER_SCAN),
      );
      const names = keys.map((key) => key.slice(clientPrefix.length));
      await this.#health.run(() => Promise.all(names.map((name) => this.#client.unlink(name))));
      cursor = next;
    } while (cursor !== '0');
  }

  /** The client stays the application's. */
  async disconnect(): Promise<void> {}

  #named(key: string): string {
    return `${this.#prefix}:${key}`;
  }
}

/** Without what a pattern takes for more than itself. */
function escaped(text: string): string {
  return text.replaceAll(/[\\*?[\]]/g, '\\$&');
}
