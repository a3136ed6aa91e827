import { expect, test } from 'vitest';
import { LatencyHistogram } from './latency-histogram.ts';
import { type LoadResult, mergeLoadResults, toLoadResult } from './load-result.ts';

function resultOf(
  servedMillis: number[],
  failedMillis: number[],
  model: 'open' | 'closed' = 'open',
) {
  const served = new LatencyHistogram();
  const failed = new LatencyHistogram();
  for (const millis of servedMillis) served.record(millis);
  for (const millis of failedMillis) failed.record(millis);
  const offered = servedMillis.length + failedMillis.length;
  return toLoadResult(
    {
      model,
      offered,
      started: offered,
      served: servedMillis.length,
      failed: failedMillis.length,
      errors: failedMillis.length > 0 ? { 'http 503': failedMillis.length } : {},
      durationSeconds: 10,
      throughput: servedMillis.length / 10,
    },
    served,
    failed,
  );
}

const upTo = (count: number, start = 1) => Array.from({ length: count }, (_, i) => start + i);

test('percentiles are those of all waits, to three digits', () => {
  const { latencyMillis } = resultOf(upTo(1_000), []);
  expect(latencyMillis).toEqual({ p50: 500, p90: 900, p99: 990, p999: 999, max: 1_000, mean: 501 });
});

test('short waits keep their digits', () => {
  expect(resultOf([0.123, 0.123, 0.123], []).latencyMillis.p50).toBe(0.123);
});

test('merged results, also through JSON, are those of one load', () => {
  const parts: LoadResult[] = [resultOf(upTo(990), [5_000]), resultOf(upTo(10, 991), [20, 30])];
  const merged = mergeLoadResults(JSON.parse(JSON.stringify(parts)));
  expect(merged).toEqual({
    ...resultOf(upTo(1_000), [5_000, 20, 30]),
    histograms: merged.histograms,
  });
  expect(merged.worstMillis).toBe(5_000);
  expect(mergeLoadResults([merged, resultOf([], [])]).latencyMillis).toEqual(merged.latencyMillis);
});

test('nothing served is all zeros', () => {
  expect(Object.values(resultOf([], []).latencyMillis)).toEqual([0, 0, 0, 0, 0, 0]);
});

test('what can not be merged is refused', () => {
  expect(() => mergeLoadResults([])).toThrow(/no load results/);
  expect(() => mergeLoadResults([resultOf([], []), resultOf([], [], 'closed')])).toThrow(
    /do not merge/,
  );
});
