import { type HistogramSummary, summarizeBuckets } from './buckets.ts';
import { NO_COUNTS } from './no-counts.ts';
import type { PoolStats } from './pool-stats.ts';

/** As much of a pool's statistics as is known. */
export interface KnownStats extends Partial<Omit<PoolStats, 'connections' | 'counts' | 'wait'>> {
  readonly connections?: Partial<PoolStats['connections']>;
  readonly counts?: Partial<PoolStats['counts']>;
  readonly wait?: Partial<HistogramSummary>;
}

const NO_TIMES = summarizeBuckets({ from: 0, counts: [], sumMillis: 0 }, 0);

/**
 * Statistics of what is no pool of Lifeguard's, for a monitor and its page: a server, another pool, a made-up
 * one. What is not known is 0 or empty. Pure.
 */
export function statsOf({ connections, counts, wait, ...rest }: KnownStats): PoolStats {
  return {
    connections: {
      max: 0,
      total: 0,
      idle: 0,
      checkedOut: 0,
      shared: 0,
      connecting: 0,
      peak: 0,
      ...connections,
    },
    pending: 0,
    inFlight: 0,
    counts: { ...NO_COUNTS, ...counts },
    errors: {},
    statementsPerSecond: 0,
    wait: { ...NO_TIMES, ...wait },
    use: NO_TIMES,
    create: NO_TIMES,
    service: NO_TIMES,
    holders: [],
    waiting: [],
    owners: [],
    statements: [],
    fanOuts: [],
    nPlusOnes: [],
    nested: [],
    lastConnectError: undefined,
    ...rest,
  };
}
