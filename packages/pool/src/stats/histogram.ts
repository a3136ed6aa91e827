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

/** Counts durations in logarithmic buckets: little and bounded memory, a few nanoseconds a record. */
export class Histogram {
  /** Of the octaves from {@link #from} on that were seen so far; most pools see few. */
  #counts: number[] = NOTHING;
  /** The first bucket of the first octave in {@link #counts}. */
  #from = 0;
  #count = 0;
  #sum = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  record(millis: number): void {
    const micros = millis * 1_000;
    const exact = micros <= 1 ? 0 : Math.floor(Math.log2(micros) * BUCKETS_PER_OCTAVE);
    const bucket = Math.min(exact, BUCKETS - 1);
    let index = bucket - this.#from;
    if (index < 0 || index >= this.#counts.length) {
      this.#widenTo(bucket);
      index = bucket - this.#from;
    }
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#count++;
    this.#sum += millis;
    if (millis > this.#max) this.#max = millis;
  }

  #widenTo(bucket: number): void {
    const octave = bucket - (bucket % BUCKETS_PER_OCTAVE);
    const isFirst = this.#counts.length === 0;
    const from = isFirst ? octave : Math.min(this.#from, octave);
    const until = Math.max(
      isFirst ? 0 : this.#from + this.#counts.length,
      octave + BUCKETS_PER_OCTAVE,
    );
    const counts = new Array<number>(until - from).fill(0);
    this.#counts.forEach((count, i) => {
      counts[i + this.#from - from] = count;
    });
    this.#counts = counts;
    this.#from = from;
  }

  /** The middle of the bucket in which this share (0 to 1) of the durations is reached. */
  quantile(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (const [index, count] of this.#counts.entries()) {
      seen += count;
      if (seen < rank) continue;
      const middle = 2 ** ((this.#from + index + 0.5) / BUCKETS_PER_OCTAVE) / 1_000;
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

const NOTHING: number[] = [];
