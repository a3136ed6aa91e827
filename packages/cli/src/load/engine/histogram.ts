import hdr from 'hdr-histogram-js';
import type { CurvePoint, Waits } from '../result/result.ts';

const MICROS_PER_MILLI = 1_000;
const SIGNIFICANT_DIGITS = 3;
/** Longer waits count as this; no time-out may be longer. */
export const LONGEST_MILLIS = 600_000;
/** Points of a curve for each factor of ten in 1/(1 - p). */
const POINTS_PER_DECADE = 12;

/**
 * Counts waits by their length, each to 0.1 %, from a microsecond on (HdrHistogram,
 * http://hdrhistogram.org).
 */
export class Histogram {
  readonly #counts: hdr.Histogram;

  /** @param digits significant ones that are kept; a histogram of 2 takes a tenth of the room. */
  constructor(digits: 2 | 3 = SIGNIFICANT_DIGITS) {
    this.#counts = hdr.build({ numberOfSignificantValueDigits: digits, useWebAssembly: false });
  }

  get count(): number {
    return this.#counts.totalCount;
  }

  record(millis: number): void {
    const micros = Math.round(Math.min(millis, LONGEST_MILLIS) * MICROS_PER_MILLI);
    this.#counts.recordValue(Math.max(0, micros));
  }

  /** In ms; 0 where nothing was counted. */
  at(percentile: number): number {
    if (this.#counts.totalCount === 0) return 0;
    // A value stands for those that are as good as equal to it; none is longer than the longest.
    const value = this.#counts.getValueAtPercentile(percentile);
    return rounded(Math.min(value, this.#counts.maxValue));
  }

  waits(): Waits {
    const isEmpty = this.#counts.totalCount === 0;
    return {
      p50: this.at(50),
      p75: this.at(75),
      p90: this.at(90),
      p95: this.at(95),
      p99: this.at(99),
      p999: this.at(99.9),
      max: isEmpty ? 0 : rounded(this.#counts.maxValue),
      mean: isEmpty ? 0 : rounded(this.#counts.mean),
    };
  }

  /** Percentile and wait, evenly spaced on an axis of 1/(1 - p): as far as there are requests to tell. */
  curve(): CurvePoint[] {
    const { totalCount } = this.#counts;
    if (totalCount === 0) return [];
    const steps = Math.floor(Math.log10(totalCount) * POINTS_PER_DECADE);
    const points: CurvePoint[] = [];
    for (let step = 0; step <= steps; step++) {
      const percentile = 100 * (1 - 10 ** (-step / POINTS_PER_DECADE));
      points.push([Number(percentile.toFixed(5)), this.at(percentile)]);
    }
    return [...points, [100, rounded(this.#counts.maxValue)]];
  }

  /** HdrHistogram's own form (V2, compressed, base64), in microseconds: for other tools. */
  encode(): string {
    return hdr.encodeIntoCompressedBase64(this.#counts);
  }
}

function rounded(micros: number): number {
  return Number((micros / MICROS_PER_MILLI).toPrecision(SIGNIFICANT_DIGITS));
}
