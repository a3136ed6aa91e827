import { bucketBoundMillis, type HistogramBuckets } from '@lifeguard/pool';

/** In seconds: what the semantic conventions advise for `db.client.operation.duration`. */
export const BOUNDS: readonly number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * A pool's fine buckets as counts between {@link BOUNDS}, the last for what is longer than all. A fine
 * bucket goes where its middle is, which is right within 5 %.
 */
export function countsBetweenBounds({ from, counts }: HistogramBuckets): number[] {
  const between = new Array<number>(BOUNDS.length + 1).fill(0);
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue;
    const index = BOUNDS.findIndex((bound) => middleSeconds(from + i) <= bound);
    const place = index < 0 ? BOUNDS.length : index;
    between[place] = (between[place] ?? 0) + count;
  }
  return between;
}

/** The middle of a fine bucket, in seconds. */
export function middleSeconds(bucket: number): number {
  return Math.sqrt(bucketBoundMillis(bucket - 1) * bucketBoundMillis(bucket)) / 1_000;
}
