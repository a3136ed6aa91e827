/** Buckets an octave: each is 9 % wide, so that a percentile is right within 5 %. */
export const BUCKETS_PER_OCTAVE = 8;

/** What the durations in a histogram come to, in milliseconds; `count` is their number. */
export interface HistogramSummary {
  readonly count: number;
  readonly meanMillis: number;
  readonly p50Millis: number;
  readonly p90Millis: number;
  readonly p99Millis: number;
  readonly maxMillis: number;
  /** With `stats({ buckets: true })`. */
  readonly buckets?: HistogramBuckets;
}

/**
 * How many durations each bucket has. The bucket `from + i` holds `counts[i]` durations up to
 * {@link bucketBoundMillis} of its number; those that are not listed hold none.
 */
export interface HistogramBuckets {
  readonly from: number;
  readonly counts: readonly number[];
  readonly sumMillis: number;
}

/** The bucket of a duration; everything up to a microsecond is in bucket 0. */
export function bucketOf(millis: number): number {
  const micros = millis * 1_000;
  return micros <= 1 ? 0 : Math.floor(Math.log2(micros) * BUCKETS_PER_OCTAVE);
}

/** The upper end of a bucket, which is the lower end of the next. */
export function bucketBoundMillis(bucket: number): number {
  return 2 ** ((bucket + 1) / BUCKETS_PER_OCTAVE) / 1_000;
}

/** `maxMillis`: the longest duration, which no percentile exceeds. */
export function summarizeBuckets(buckets: HistogramBuckets, maxMillis: number): HistogramSummary {
  const count = buckets.counts.reduce((sum, each) => sum + each, 0);
  return {
    count,
    meanMillis: count === 0 ? 0 : buckets.sumMillis / count,
    p50Millis: quantile(buckets, count, 0.5, maxMillis),
    p90Millis: quantile(buckets, count, 0.9, maxMillis),
    p99Millis: quantile(buckets, count, 0.99, maxMillis),
    maxMillis,
  };
}

/** The middle of the bucket in which this share (0 to 1) of `count` durations is reached. */
export function quantile(
  { from, counts }: HistogramBuckets,
  count: number,
  share: number,
  maxMillis: number,
): number {
  const rank = Math.max(1, Math.ceil(share * count));
  let seen = 0;
  for (const [index, each] of counts.entries()) {
    seen += each;
    if (seen < rank) continue;
    return Math.min(2 ** ((from + index + 0.5) / BUCKETS_PER_OCTAVE) / 1_000, maxMillis);
  }
  return maxMillis;
}
