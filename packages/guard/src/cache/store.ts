import type { Entry } from './entry.ts';

/** Where entries are kept; how is not the cache's concern. None of these reject. */
export interface Store {
  get(key: string): Promise<Entry | undefined>;
  /** Kept in this process from now on, and elsewhere when the promise resolves. */
  set(
    key: string,
    entry: Entry,
    options: { lifetimeMillis: number; tags: readonly string[] },
  ): Promise<void>;
  invalidate(keys: readonly string[], tags: readonly string[]): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** What a store tells the cache. */
export interface StoreListener {
  /** Another process dropped these. */
  invalidated(keys: readonly string[], tags: readonly string[]): void;
  /** Another process dropped everything. */
  cleared(): void;
  /** Others may have dropped something that we were not told of. */
  missed(): void;
  failed(error: unknown): void;
}
