import { type Counters, countersOf, figuresOf, type PoolReading } from './figures.ts';
import { type Figures, History, type SeriesSlice } from './history.ts';

/** Turns a pool's snapshots, one a second, into the columns that charts are drawn from. */
export class Series {
  readonly #history = new History();
  #before = new Map<string, Counters>();
  #at: number | undefined;

  get last(): number {
    return this.#history.last;
  }

  /** `now`: on a clock that only goes forward; `wall`: the time of day. Both in milliseconds. */
  add(now: number, wall: number, pools: readonly PoolReading[]): void {
    const seconds = this.#at === undefined ? 0 : (now - this.#at) / 1_000;
    const figures = new Map<string, Figures>();
    for (const pool of pools) {
      figures.set(pool.name, figuresOf(pool, this.#before.get(pool.name), seconds));
    }
    this.#history.add(wall, figures);
    this.#before = new Map(pools.map((pool) => [pool.name, countersOf(pool)]));
    this.#at = now;
  }

  after(row: number): SeriesSlice {
    return this.#history.after(row);
  }
}
