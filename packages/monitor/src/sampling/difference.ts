import {
  bucketBoundMillis,
  type HistogramBuckets,
  type HistogramSummary,
  summarizeBuckets,
} from '@lifeguard/pool';

/** A counter that has become smaller has begun anew: all of it is new. */
export function grown(later: number, earlier: number): number {
  return later < earlier ? later : later - earlier;
}

/** What each counter has grown by. */
export function grownCounts<K extends string>(
  later: Readonly<Record<K, number>>,
  earlier: Readonly<Record<string, number>>,
): Record<K, number> {
  const counts = {} as Record<K, number>;
  for (const key of Object.keys(later) as K[]) counts[key] = grown(later[key], earlier[key] ?? 0);
  return counts;
}

/**
 * The durations that came between two readings of a histogram. Without buckets, which an older pool
 * does not tell, the later reading stands for both.
 */
export function laterDurations(
  later: HistogramSummary,
  earlier: HistogramSummary,
): HistogramSummary {
  const { buckets, maxMillis } = later;
  if (!buckets) return later;
  const before = later.count < earlier.count ? undefined : earlier.buckets;
  const counts = buckets.counts.map(
    (count, i) => count - (before?.counts[buckets.from + i - before.from] ?? 0),
  );
  const difference: HistogramBuckets = {
    from: buckets.from,
    counts,
    sumMillis: Math.max(0, buckets.sumMillis - (before?.sumMillis ?? 0)),
  };
  // The longest since the beginning is the longest of these only if it was not there before.
  const isNewMax = !before || maxMillis > earlier.maxMillis;
  const last = counts.findLastIndex((count) => count > 0);
  const bound = last < 0 ? 0 : bucketBoundMillis(buckets.from + last);
  return {
    ...summarizeBuckets(difference, isNewMax && last >= 0 ? maxMillis : Math.min(bound, maxMillis)),
    buckets: difference,
  };
}
