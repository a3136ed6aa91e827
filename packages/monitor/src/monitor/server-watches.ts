import { type PoolOfServer, serverKeyOf } from '../server/connection.ts';
import { type ServerWatchOptions, watchServer } from '../server/server-watch.ts';
import type { WatchedPool, WatchedServer } from './options.ts';

interface Shared {
  readonly watch: WatchedServer;
  /** Pools for which it looks, the first of them first. */
  readonly wantedBy: Set<WatchedServer>;
}

/** One watch for each server, however many pools stand on it. */
export class ServerWatches {
  readonly #options: ServerWatchOptions;
  readonly #byServer = new Map<string, Shared>();

  constructor(options: ServerWatchOptions) {
    this.#options = options;
  }

  /** Of the pool's server; undefined: the pool does not say how to connect. */
  of(pool: WatchedPool): WatchedServer | undefined {
    if (!pool.options) return undefined;
    const shared = this.#sharedOf(pool as PoolOfServer);
    if (!shared) return undefined;
    const { watch, wantedBy } = shared;
    const one: WatchedServer = {
      start() {
        wantedBy.add(one);
        watch.start();
      },
      stop() {
        if (wantedBy.delete(one) && wantedBy.size === 0) watch.stop();
      },
      snapshot: () => watch.snapshot(),
      get isToldElsewhere() {
        const [first = one] = wantedBy;
        return first !== one;
      },
    };
    return one;
  }

  #sharedOf(pool: PoolOfServer): Shared | undefined {
    try {
      const key = serverKeyOf(pool);
      const shared = this.#byServer.get(key) ?? {
        watch: watchServer(pool, this.#options),
        wantedBy: new Set(),
      };
      this.#byServer.set(key, shared);
      return shared;
    } catch {
      // A connection string that can't be read: the pool says so, better than we could.
      return undefined;
    }
  }
}
