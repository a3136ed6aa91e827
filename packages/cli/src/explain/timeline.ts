/** So many at most; twice as many make each of them twice as wide. */
const MOST_BUCKETS = 512;
const FIRST_WIDTH_MILLIS = 1_000;

export interface Bucket {
  readonly from: number;
  readonly count: number;
}

/** When something happened, counted in memory that does not grow with how often or how long. */
export class Timeline {
  #widthMillis = FIRST_WIDTH_MILLIS;
  #counts = new Map<number, number>();
  first = Infinity;
  last = -Infinity;

  add(time: number): void {
    this.first = Math.min(this.first, time);
    this.last = Math.max(this.last, time);
    this.#count(Math.floor(time / this.#widthMillis), 1);
    while (this.#counts.size > MOST_BUCKETS) this.#widen();
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** The counts of `columns` equal parts of the time from `from` to `to`. */
  columns(columns: number, from: number, to: number): number[] {
    const result = new Array<number>(columns).fill(0);
    const width = Math.max(1, to - from) / columns;
    for (const [bucket, count] of this.#counts) {
      const middle = Math.min(to, Math.max(from, (bucket + 0.5) * this.#widthMillis));
      const column = Math.min(columns - 1, Math.floor((middle - from) / width));
      result[column] = (result[column] ?? 0) + count;
    }
    return result;
  }

  buckets(): Bucket[] {
    return [...this.#counts]
      .map(([bucket, count]) => ({ from: bucket * this.#widthMillis, count }))
      .sort((a, b) => a.from - b.from);
  }

  get widthMillis(): number {
    return this.#widthMillis;
  }

  #widen(): void {
    const counts = this.#counts;
    this.#widthMillis *= 2;
    this.#counts = new Map();
    for (const [bucket, count] of counts) this.#count(Math.floor(bucket / 2), count);
  }

  #count(bucket: number, by: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + by);
  }
}

const BARS = [...' ▁▂▃▄▅▆▇█'];

/** `▁▂█ `: a blank where nothing was, and the highest bar where `most` was: the highest of them unless given. */
export function sparkline(counts: readonly number[], most = Math.max(...counts, 1)): string {
  return counts
    .map((count) => BARS[count === 0 ? 0 : Math.max(1, Math.round((count / most) * 8))])
    .join('');
}
