import { AsyncLocalStorage } from 'node:async_hooks';
import type { Types } from '@prisma/client/runtime/client';

/** Where an answer comes from. */
export interface CacheInfo {
  /**
   * `loaded`: from the database, now. `fresh`: kept, younger than `ttl`. `stale`: older, and being read anew.
   * `stale-on-error`: older, because the database can't answer.
   */
  readonly state: 'loaded' | 'fresh' | 'stale' | 'stale-on-error';
  /** How long ago the database was asked. */
  readonly ageMillis: number;
  /** Those of its `cacheStrategy`. */
  readonly tags: readonly string[];
}

interface Slot {
  info: CacheInfo | null;
}

const slots = new AsyncLocalStorage<Slot>();

/**
 * The result of a read, and what the cache had to do with it; null when it had nothing to: without
 * `cacheStrategy`, and in transactions.
 *
 * ```ts
 * const { data, info } = await withCacheInfo(prisma.product.findMany({ cacheStrategy: { ttl: 60 } }));
 * ```
 */
export async function withCacheInfo<T>(
  read: Types.Public.PrismaPromise<T>,
): Promise<{ data: T; info: CacheInfo | null }> {
  const slot: Slot = { info: null };
  // Prisma's promises are lazy: this one begins here.
  const data = await slots.run(slot, async () => await read);
  return { data, info: slot.info };
}

export function noteCacheInfo(info: CacheInfo): void {
  const slot = slots.getStore();
  if (slot) slot.info = info;
}
