import { AsyncLocalStorage } from 'node:async_hooks';

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

/** What one read is to be told. */
interface Slot {
  /** `Product.findMany`. */
  readonly label: string;
  info: CacheInfo | null;
  /** The info is the read's own, and not of something that an extension reads with it. */
  isOwn: boolean;
}

const slots = new AsyncLocalStorage<Slot>();

/** The result of a read, and where it comes from. */
export interface Informed<T> {
  readonly data: T;
  /** null when the cache had nothing to do with it, as in transactions. */
  readonly info: CacheInfo | null;
}

/** Runs a read, and takes note of where its answer comes from. */
export async function withCacheInfo<T>(
  label: string,
  read: () => PromiseLike<T>,
): Promise<Informed<T>> {
  const slot: Slot = { label, info: null, isOwn: false };
  const data = await slots.run(slot, read);
  return { data, info: slot.info };
}

export function noteCacheInfo(label: string, info: CacheInfo): void {
  const slot = slots.getStore();
  if (!slot || slot.isOwn) return;
  // An extension may also have made another operation of it.
  slot.isOwn = label === slot.label;
  slot.info = info;
}
