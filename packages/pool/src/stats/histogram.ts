/** Buckets an octave: each is 9 % wide, so that a percentile is right within 5 %. */
const BUCKETS_PER_OCTAVE = 8;
/** From 1 microsecond to 71 minutes. */
const BUCKETS = 32 * BUCKETS_PER_OCTAVE;

export interface HistogramSummary {
  readonly count: number;
  readonly meanMillis: number;
  readonly p50Millis: number;
  readonly p90Millis: number;
  readonly p99Millis: number;
  readonly maxMillis: number;
}

/** Counts durations in logarithmic buckets: constant memory, a few nanoseconds a record. */
export class Histogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  record(millis: number): void {
    const micros = millis * 1_000;
    const bucket = micros <= 1 ? 0 : Math.floor(Math.log2(micros) * BUCKETS_PER_OCTAVE);
    const index = Math.min(bucket, BUCKETS - 1);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#count++;
    this.#sum += millis;
    if (millis > this.#max) this.#max = millis;
  }

  /** The middle of the bucket in which this share (0 to 1) of the durations is reached. */
  quantile(share: number): number {
    if (this.#count === 0) return 0;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      if (seen < rank) continue;
      const middle = 2 ** ((bucket + 0.5) / BUCKETS_PER_OCTAVE) / 1_000;
      return Math.min(middle, this.#max);
    }
    return this.#max;
  }

  summary(): HistogramSummary {
    return {
      count: this.#count,
      meanMillis: this.#count === 0 ? 0 : this.#sum / this.#count,
      p50Millis: this.quantile(0.5),
      p90Millis: this.quantile(0.9),
      p99Millis: this.quantile(0.99),
      maxMillis: this.#max,
    };
  }
}
