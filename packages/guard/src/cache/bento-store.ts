import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import type { Bus } from '../bus/bus.ts';
import { redisBus } from '../bus/redis-bus.ts';
import { toMillis } from '../time/duration.ts';
import { BusTransport } from './bus-transport.ts';
import { Entry, itemSerializer } from './entry.ts';
import { Owed } from './owed.ts';
import { RedisHealth } from './redis-health.ts';
import { type RedisCacheClient, RedisLevel } from './redis-level.ts';
import type { Store, StoreListener } from './store.ts';
import type { CacheOptions } from './types.ts';

const MAX_ENTRIES = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** Entries in memory. */
export function openMemoryStore(options: CacheOptions): Store {
  const prefix = prefixOf(options);
  return new BentoStore(openBento(prefix, bentostore().useL1Layer(memoryOf(options))));
}

/** Entries in memory and in Redis, with a bus that keeps the memories of all processes true. */
export function openRedisStore(
  options: CacheOptions,
  redis: RedisCacheClient,
  listener: StoreListener,
): Store {
  const prefix = prefixOf(options);
  const ownBus = options.bus ? undefined : redisBus(redis);
  const bus = options.bus ?? (ownBus as Bus);
  const transport = new BusTransport(bus, prefix, prefix, listener);
  const health = new RedisHealth(toMillis(options.redisTimeout ?? '500ms', 'redisTimeout'), {
    down: (error) => listener.failed(error),
    // A tag that could not be looked up meanwhile is remembered as never dropped.
    up: () => transport.clearMemory(),
  });
  const level = new RedisLevel(redis, prefix, health, {
    before: () => store.payOwed(),
    found: (key) => store.foundInRedis(key),
  });
  const bento = openBento(
    prefix,
    bentostore()
      .useL1Layer(memoryOf(options))
      .useL2Layer({ options: {}, factory: () => level })
      .useBus({
        // What could not be told is told by the transport; a timer for it would keep the process alive.
        options: { retryQueue: { enabled: false, retryInterval: false } },
        factory: () => transport,
      }),
  );
  const store = new BentoStore(bento, { health, transport, ownBus });
  return store;
}

interface Shared {
  readonly health: RedisHealth;
  readonly transport: BusTransport;
  readonly ownBus: Bus | undefined;
}

type Bento = ReturnType<typeof openBento>;

class BentoStore implements Store {
  readonly #bento: Bento;
  readonly #shared: Shared | undefined;
  readonly #owed = new Owed();
  readonly #looks = new Map<string, { readers: number; isFromRedis: boolean }>();
  #paying: Promise<void> | undefined;

  constructor(bento: Bento, shared?: Shared) {
    this.#bento = bento;
    this.#shared = shared;
  }

  async get(key: string): Promise<Entry | undefined> {
    const downs = this.#shared?.health.downs;
    const look = this.#looks.get(key) ?? { readers: 0, isFromRedis: false };
    this.#looks.set(key, look);
    look.readers += 1;
    try {
      const entry: unknown = await this.#bento.get({ key });
      if (!(entry instanceof Entry)) return undefined;
      if (!look.isFromRedis || downs === this.#shared?.health.downs) return entry;
      // Redis gave the entry and then no answer about its tags: it may have been dropped.
      await this.#bento.delete({ key });
      return undefined;
    } finally {
      look.readers -= 1;
      if (look.readers === 0) this.#looks.delete(key);
    }
  }

  async set(
    key: string,
    value: Entry,
    { lifetimeMillis, tags }: { lifetimeMillis: number; tags: readonly string[] },
  ): Promise<void> {
    await this.#bento.set({ key, value, ttl: lifetimeMillis, tags: [...tags] });
  }

  async invalidate(keys: readonly string[], tags: readonly string[]): Promise<void> {
    const isDropped = await this.#drop(keys, tags);
    if (!isDropped) this.#owed.add(keys, tags);
    const told = this.#shared?.transport.tell(keys, tags);
    // What Redis did not take in time, its bus does not either: no reason to wait once more.
    if (isDropped) await told;
  }

  async clear(): Promise<void> {
    const isDropped = await this.#dropAll();
    if (!isDropped) this.#owed.addAll();
    const told = this.#shared?.transport.tellAll();
    if (isDropped) await told;
  }

  async close(): Promise<void> {
    await this.#bento.disconnect();
    await this.#shared?.ownBus?.close();
  }

  foundInRedis(key: string): void {
    const look = this.#looks.get(key);
    if (look) look.isFromRedis = true;
  }

  /** @throws when it still can't be dropped: then nothing there may be read. */
  async payOwed(): Promise<void> {
    if (this.#owed.isEmpty && !this.#paying) return;
    this.#paying ??= this.#pay().finally(() => {
      this.#paying = undefined;
    });
    await this.#paying;
    if (!this.#owed.isEmpty) throw new Error('what was dropped meanwhile is still in Redis');
  }

  async #pay(): Promise<void> {
    if (this.#shared?.health.isPaused) return;
    const { keys, tags, isAll } = this.#owed.take();
    const isDropped = isAll ? await this.#dropAll() : await this.#drop(keys, tags);
    if (isDropped) {
      await (isAll ? this.#shared?.transport.tellAll() : this.#shared?.transport.tell(keys, tags));
    } else if (isAll) {
      this.#owed.addAll();
    } else {
      this.#owed.add(keys, tags);
    }
  }

  /** In memory certainly; returns whether in Redis as well. */
  #drop(keys: readonly string[], tags: readonly string[]): Promise<boolean> {
    return this.#succeeds(() =>
      Promise.all([
        keys.length > 0 && this.#bento.deleteMany({ keys: [...keys] }),
        tags.length > 0 && this.#bento.deleteByTag({ tags: [...tags] }),
      ]),
    );
  }

  #dropAll(): Promise<boolean> {
    return this.#succeeds(() => this.#bento.clear());
  }

  /** bentocache keeps the second level's failures to itself. One of somebody else's counts too: then we do it twice. */
  async #succeeds(operation: () => Promise<unknown>): Promise<boolean> {
    const failures = this.#shared?.health.failures;
    await operation();
    return failures === this.#shared?.health.failures;
  }
}

function openBento(prefix: string, store: ReturnType<typeof bentostore>) {
  return new BentoCache({
    default: 'cache',
    stores: { cache: store },
    prefix,
    // Each entry has its own time.
    ttl: null,
    serializer: itemSerializer,
  });
}

function memoryOf({ maxEntries = MAX_ENTRIES, maxBytes = MAX_BYTES }: CacheOptions) {
  return memoryDriver({ maxItems: maxEntries, maxSize: maxBytes });
}

function prefixOf({ name = 'default' }: CacheOptions): string {
  return `lifeguard:cache:${name}`;
}
