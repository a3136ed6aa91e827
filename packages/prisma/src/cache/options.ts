import {
  type Bus,
  type CacheOptions,
  type CacheProblem,
  cache,
  type RedisCacheClient,
} from '@lifeguard/guard';
import { Decimal } from '@prisma/client/runtime/client';
import { millisOf, SECONDS, type Seconds } from './seconds.ts';
import type { CacheTimes } from './strategy.ts';

/** The cache of one database; `ttl`, `swr` and `staleOnError` are for reads that do not say them. */
export interface ClientCacheOptions extends CacheTimes {
  /** Writes drop the answers that their models are part of; default false. */
  invalidateOnWrite?: boolean;
  /** A client of ioredis: answers are shared by all processes. It stays yours to close. */
  redis?: RedisCacheClient;
  /** How processes tell each other what was dropped; default over `redis`. */
  bus?: Bus;
  /** Keeps caches on the same Redis apart; default: each database has its own. */
  name?: string;
  /** Answers in memory at most; default 10 000. */
  maxEntries?: number;
  /** Bytes in memory at most, about; default 64 MiB. */
  maxBytes?: number;
  /** Reads at once at most that fill the cache; default 10. */
  maxRefreshes?: number;
  /** How long a caller without any answer waits for the database, waiting its turn included; default 60. */
  timeout?: Seconds;
  /** How long it waits when `staleOnError` has an answer for it; default 1. */
  softTimeout?: Seconds;
  /** How long Redis may take before we go on without it; default 0.5. */
  redisTimeout?: Seconds;
  /** Hears of what no caller is told. */
  onProblem?: (problem: CacheProblem) => void;
}

const TIMES = ['ttl', 'swr', 'staleOnError', 'timeout', 'softTimeout', 'redisTimeout'] as const;
const TIMEOUT_MILLIS = 60_000;

/** What Prisma's answers hold beside what the cache knows. */
const TYPES: CacheOptions['types'] = {
  Decimal: {
    is: Decimal.isDecimal,
    write: (decimal: Decimal) => decimal.toString(),
    read: (text: string) => new Decimal(text),
  },
};

/**
 * @param database names the database, where `name` does not.
 * @throws RangeError that names the option.
 */
export function openCache(options: ClientCacheOptions, database: string) {
  const { invalidateOnWrite: _, ...rest } = options;
  const times: { [T in (typeof TIMES)[number]]?: number } = {};
  for (const name of TIMES) {
    const time = rest[name];
    if (time === undefined) continue;
    const millis = millisOf(time);
    if (millis === undefined) {
      throw new RangeError(`cache.${name} must be ${SECONDS}; it is ${JSON.stringify(time)}`);
    }
    times[name] = millis;
  }
  // A read without `ttl` that says `swr` is always read anew, in the background, as with Accelerate.
  return cache({
    name: `prisma:${database}`,
    timeout: TIMEOUT_MILLIS,
    ...rest,
    types: TYPES,
    ...times,
    ttl: times.ttl ?? 0,
  } as CacheOptions);
}
