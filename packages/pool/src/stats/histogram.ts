import {
  BUCKETS_PER_OCTAVE,
  bucketOf,
  type HistogramBuckets,
  type HistogramSummary,
  quantile,
  summarizeBuckets,
} from './buckets.ts';

/** From 1 microsecond to 71 minutes. */
const BUCKETS = 32 * BUCKETS_PER_OCTAVE;

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
    const bucket = Math.min(bucketOf(millis), BUCKETS - 1);
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
    return quantile(this.#live(), this.#count, share, this.#max);
  }

  summary(withBuckets = false): HistogramSummary {
    const summary = summarizeBuckets(this.#live(), this.#max);
    return withBuckets ? { ...summary, buckets: this.buckets() } : summary;
  }

  buckets(): HistogramBuckets {
    return { from: this.#from, counts: [...this.#counts], sumMillis: this.#sum };
  }

  /** Not a copy: for reading at once. */
  #live(): HistogramBuckets {
    return { from: this.#from, counts: this.#counts, sumMillis: this.#sum };
  }
}

const NOTHING: number[] = [];
