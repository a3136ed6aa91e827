import hdr from 'hdr-histogram-js';

/** Waits in ms, rounded to 3 significant digits; all 0 where there were none. */
export interface LatencySummary {
  p50: number;
  p90: number;
  p99: number;
  p999: number;
  max: number;
  mean: number;
}

const MICROS_PER_MILLI = 1_000;
const SIGNIFICANT_DIGITS = 3;

/** Counts waits by their length, each to 0.1 %, from a microsecond on. */
export class LatencyHistogram {
  readonly #histogram: hdr.Histogram;

  constructor(histogram: hdr.Histogram = emptyHistogram()) {
    this.#histogram = histogram;
  }

  /** The sum of encoded histograms. */
  static merged(encoded: readonly string[]): LatencyHistogram {
    const sum = emptyHistogram();
    for (const one of encoded) sum.add(hdr.decodeFromCompressedBase64(one, 32, false));
    return new LatencyHistogram(sum);
  }

  record(millis: number): void {
    this.#histogram.recordValue(Math.max(0, Math.round(millis * MICROS_PER_MILLI)));
  }

  summary(): LatencySummary {
    const at = (percentile: number) => toMillis(this.#histogram.getValueAtPercentile(percentile));
    return {
      p50: at(50),
      p90: at(90),
      p99: at(99),
      p999: at(99.9),
      max: this.#histogram.totalCount === 0 ? 0 : toMillis(this.#histogram.maxValue),
      mean: this.#histogram.totalCount === 0 ? 0 : toMillis(this.#histogram.mean),
    };
  }

  encode(): string {
    return hdr.encodeIntoCompressedBase64(this.#histogram);
  }
}

function emptyHistogram(): hdr.Histogram {
  return hdr.build({ numberOfSignificantValueDigits: SIGNIFICANT_DIGITS, useWebAssembly: false });
}

function toMillis(micros: number): number {
  return Number((micros / MICROS_PER_MILLI).toPrecision(SIGNIFICANT_DIGITS));
}
