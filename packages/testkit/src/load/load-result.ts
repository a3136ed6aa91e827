import { LatencyHistogram, type LatencySummary } from './latency-histogram.ts';

/** What a load did to its users; plain data, which keeps its meaning through JSON. */
export interface LoadResult {
  model: 'closed' | 'open';
  /** Requests that users wanted to make. */
  offered: number;
  started: number;
  served: number;
  /** offered = served + failed. */
  failed: number;
  /** How often each kind of failure was; see errorKind(), and `not started`, `unfinished`. */
  errors: Record<string, number>;
  /** Without warm-up and drain. */
  durationSeconds: number;
  /** Requests served within the duration, per second. */
  throughput: number;
  /** Of the served; open model: from the intended start. */
  latencyMillis: LatencySummary;
  /** Of the failed, except those not started. */
  failedLatencyMillis: LatencySummary;
  /** The longest wait of any user, served or not. */
  worstMillis: number;
  /** The whole distributions, encoded (HdrHistogram V2, compressed, microseconds), for merging. */
  histograms: { served: string; failed: string };
}

/** The part of a result that is counted; the rest follows from it. */
export type LoadCounts = Omit<
  LoadResult,
  'latencyMillis' | 'failedLatencyMillis' | 'worstMillis' | 'histograms'
>;

export function toLoadResult(
  counts: LoadCounts,
  served: LatencyHistogram,
  failed: LatencyHistogram,
): LoadResult {
  const latencyMillis = served.summary();
  const failedLatencyMillis = failed.summary();
  return {
    ...counts,
    latencyMillis,
    failedLatencyMillis,
    worstMillis: Math.max(latencyMillis.max, failedLatencyMillis.max),
    histograms: { served: served.encode(), failed: failed.encode() },
  };
}

/**
 * The result of loads that ran at the same time, for example in several processes.
 *
 * @throws when there are none, or their models differ.
 */
export function mergeLoadResults(results: readonly LoadResult[]): LoadResult {
  const [first] = results;
  if (!first) throw new Error('There are no load results to merge');
  if (results.some(({ model }) => model !== first.model)) {
    throw new Error('Results of open and closed loads measure different things and do not merge');
  }
  const sum = (count: (result: LoadResult) => number) =>
    results.reduce((total, result) => total + count(result), 0);
  const errors: Record<string, number> = {};
  for (const [kind, count] of results.flatMap((result) => Object.entries(result.errors))) {
    errors[kind] = (errors[kind] ?? 0) + count;
  }
  return toLoadResult(
    {
      model: first.model,
      offered: sum(({ offered }) => offered),
      started: sum(({ started }) => started),
      served: sum(({ served }) => served),
      failed: sum(({ failed }) => failed),
      errors,
      durationSeconds: Math.max(...results.map(({ durationSeconds }) => durationSeconds)),
      throughput: sum(({ throughput }) => throughput),
    },
    LatencyHistogram.merged(results.map(({ histograms }) => histograms.served)),
    LatencyHistogram.merged(results.map(({ histograms }) => histograms.failed)),
  );
}
