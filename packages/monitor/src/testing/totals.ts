import { type HistogramSummary, summarizeBuckets } from '@lifeguard/pool';
import type { PoolTotals } from '../monitor/totals.ts';
import { madeUpStats } from './pool-stats.ts';

/** A histogram of the pool with so many durations in each of its buckets. */
export function histogram(from: number, counts: number[], sumMillis: number): HistogramSummary {
  const buckets = { from, counts, sumMillis };
  return { ...summarizeBuckets(buckets, 0), buckets };
}

/** A pool of five that has nothing to do, and what a test says of it. */
export function madeUpTotals(part: Partial<PoolTotals> = {}): PoolTotals {
  return {
    name: 'main',
    stats: madeUpStats(),
    minIdle: 0,
    fullMillis: 0,
    health: 'pass',
    breaker: undefined,
    replicas: [],
    incidents: { active: {}, begun: {} },
    ...part,
  };
}
