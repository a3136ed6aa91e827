import { CacheOverStore } from './cache.ts';
import type { Cache, CacheOptions } from './types.ts';

/**
 * A cache for answers of the database: in memory, and with `redis` shared by all processes.
 *
 * An answer is `fresh` for `ttl`; for `swr` after that it is served while it is read anew; for `staleOnError`
 * it is served when the database can't answer. Calls for one key at once are one load, and no more than
 * `maxRefreshes` loads are under way at once.
 *
 * @throws RangeError when an option is out of its range.
 */
export function cache(options: CacheOptions = {}): Cache {
  return new CacheOverStore(options, async (listener) => {
    // bentocache takes 0.1 s to load: not for those who only want a diagnosis.
    const { openMemoryStore, openRedisStore } = await import('./bento-store.ts');
    const { redis } = options;
    return redis ? openRedisStore(options, redis, listener) : openMemoryStore(options);
  });
}
