import type { Bus } from '../bus/bus.ts';
import type { Duration } from '../time/duration.ts';
import type { ValueType } from './codec.ts';
import type { RedisCacheClient } from './redis-level.ts';

/**
 * `fresh`: younger than `ttl`. `stale`: older, and being read anew. `stale-on-error`: the source can't answer,
 * and this is its last good answer.
 */
export type CacheState = 'fresh' | 'stale' | 'stale-on-error';

export interface CacheAnswer<T> {
  readonly value: T;
  readonly state: CacheState;
  /** How long ago the source was asked for it. */
  readonly ageMillis: number;
  /** Its reader has waited for the source; else it was there. */
  readonly isLoaded: boolean;
}

/** How one answer is kept. Durations are milliseconds or texts such as `'30s'`. */
export interface CacheRules {
  /** How long an answer is as good as new. Needed here or for the whole cache. */
  ttl?: Duration;
  /** How long after `ttl` it is still served, while it is read anew in the background; default 0. */
  swr?: Duration;
  /** How long after `ttl` it is served when the source can't answer; default 0: never. */
  staleOnError?: Duration;
  /** How long a caller with nothing better waits for the source, waiting its turn included; default 10 s. */
  timeout?: Duration;
  /** How long a caller waits when `staleOnError` has an answer for it; default 1 s. */
  softTimeout?: Duration;
}

export interface ReadOptions extends CacheRules {
  /** What the answer depends on: `invalidate({ tags })` drops all that have one of them. */
  tags?: readonly string[];
}

export interface CacheOptions extends CacheRules {
  /** Keeps caches on the same Redis apart; default `default`. */
  name?: string | undefined;
  /** A client of ioredis: second level, shared by all processes. It stays yours to close. */
  redis?: RedisCacheClient | undefined;
  /** How processes tell each other what was invalidated; default over `redis`. Without `redis` it has no use. */
  bus?: Bus | undefined;
  /** How long Redis may take before we go on without it; default 500 ms. */
  redisTimeout?: Duration | undefined;
  /** Entries in memory at most; default 10 000. */
  maxEntries?: number | undefined;
  /** Bytes in memory at most, about; default 64 MiB. */
  maxBytes?: number | undefined;
  /** Loads under way at once at most, so that a lost cache never becomes a stampede; default 10. */
  maxRefreshes?: number | undefined;
  /** Classes whose instances are to be cached, by a name of yours. */
  types?: Readonly<Record<string, ValueType>> | undefined;
  /** Decides which errors mean that the source can't answer; default: what `diagnose` calls so. */
  isOutage?: (error: unknown) => boolean;
  /** Hears of what no caller is told. */
  onProblem?: (problem: CacheProblem) => void;
}

/**
 * `refresh-failed`: a refresh in the background failed; its readers had an older answer. `not-storable`: an
 * answer holds what can't be stored (see `types`), and is loaded every time. `not-readable`: another process
 * wrote it with types that this one does not have. `redis-failed`: Redis did not answer, and is left alone
 * for a moment.
 */
export interface CacheProblem {
  readonly kind: 'refresh-failed' | 'not-storable' | 'not-readable' | 'redis-failed';
  readonly key?: string;
  readonly error: unknown;
}

export interface CacheStats {
  /** Answers given, by state, and those that waited for a load of their own or of somebody else. */
  readonly fresh: number;
  readonly stale: number;
  readonly staleOnError: number;
  readonly loaded: number;
  /** Loads begun, and those that failed. */
  readonly loads: number;
  readonly failedLoads: number;
  /** Loads under way now, and those waiting for their turn. */
  readonly loading: number;
  readonly waiting: number;
}

/** What to drop: these keys, and everything that has one of these tags. */
export interface Invalidation {
  keys?: readonly string[];
  tags?: readonly string[];
}

export interface Cache {
  /**
   * The cached answer, or else that of `load`. Calls for one key at once are one load; everybody gets a copy
   * of their own. `null` and `undefined` are answers too; errors are never kept.
   *
   * @param load gets a signal that is aborted when nobody waits for it any more. It serves others too: a refresh
   *   in the background runs outside of its reader's async context, and no load within its deadline.
   * @throws what `load` threw, unless it means that the source can't answer and `staleOnError` has an answer;
   *   NoAnswerError when it took longer than `timeout`.
   */
  get<T>(key: string, load: Load<T>, options?: ReadOptions): Promise<T>;
  /** The same, with its state and age. */
  read<T>(key: string, load: Load<T>, options?: ReadOptions): Promise<CacheAnswer<T>>;
  /** Drops answers in all processes; also the one of a load that is under way. In this process at once. */
  invalidate(what: Invalidation): Promise<void>;
  /** Drops everything of this cache. */
  clear(): Promise<void>;
  stats(): CacheStats;
  /** Ends the connection that the cache has opened. */
  close(): Promise<void>;
}

export type Load<T> = (signal: AbortSignal) => T | Promise<T>;
