import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from './histogram.ts';

function histogramOf(durations: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const millis of durations) histogram.record(millis);
  return histogram;
}

describe('Histogram', () => {
  test('empty, everything is 0', () => {
    expect(new Histogram().summary()).toEqual({
      count: 0,
      meanMillis: 0,
      p50Millis: 0,
      p90Millis: 0,
      p99Millis: 0,
      maxMillis: 0,
    });
  });

  test('quantiles are right within 5 %, mean and maximum exactly', () => {
    const durations = fc.array(fc.double({ min: 0.002, max: 3_600_000, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(durations, share, (millis, q) => {
        const histogram = histogramOf(millis);
        const sorted = [...millis].sort((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] as number;
        expect(Math.abs(histogram.quantile(q) - exact) / exact).toBeLessThan(0.05);
        expect(histogram.summary().maxMillis).toBe(sorted.at(-1));
        const mean = millis.reduce((sum, each) => sum + each, 0) / millis.length;
        expect(histogram.summary().meanMillis).toBeCloseTo(mean, 6);
      }),
    );
  });

  test('takes what is below and beyond its range', () => {
    const { count, maxMillis, p50Millis } = histogramOf([0, 0, 1e12]).summary();
    expect({ count, maxMillis }).toEqual({ count: 3, maxMillis: 1e12 });
    expect(p50Millis).toBeLessThan(0.002);
  });
});
