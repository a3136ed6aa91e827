import { Ring } from './ring.ts';

/** What is written down of a pool at every tick. */
export const FIGURES = [
  'max',
  'total',
  'checkedOut',
  'shared',
  'connecting',
  'pending',
  'statementsPerSecond',
  'errorsPerSecond',
  'timeoutsPerSecond',
  'shedPerSecond',
  'breakerRefusedPerSecond',
  'waitP50Millis',
  'waitP99Millis',
  'serviceP50Millis',
  'serviceP99Millis',
] as const;

export type Figure = (typeof FIGURES)[number];
export type Figures = Readonly<Record<Figure, number>>;

/** Columns of one pool, the oldest first; `null` where nothing was known. */
export type PoolSeries = Readonly<Record<Figure, readonly (number | null)[]>>;

export interface SeriesSlice {
  /** Number of the last row; rows are numbered on from 1 for as long as the process lives. */
  readonly last: number;
  /** Times of the rows, in milliseconds since 1970. */
  readonly at: readonly number[];
  readonly pools: Readonly<Record<string, PoolSeries>>;
}

/** 15 minutes of seconds. */
const ROWS = 900;
/** Names of pools are the application's: endless ones must not fill the memory. */
const MOST_POOLS = 50;
/** Enough for a chart, and half the size on the wire. */
const DIGITS = 4;

interface Line {
  readonly ring: Ring;
  lastSeen: number;
}

/** The last 15 minutes of every pool: 100 KB a pool, however long the process lives. */
export class History {
  readonly #times = new Ring(1, ROWS);
  readonly #lines = new Map<string, Line>();
  #last = 0;

  get last(): number {
    return this.#last;
  }

  /** Adds a row. A pool that is not among the readings has a gap there, and leaves after 15 minutes. */
  add(at: number, readings: ReadonlyMap<string, Figures>): void {
    this.#last++;
    this.#times.push([at]);
    for (const [pool, figures] of readings) {
      const line = this.#lineOf(pool);
      if (!line) continue;
      line.lastSeen = this.#last;
      line.ring.push(FIGURES.map((figure) => figures[figure]));
    }
    for (const [pool, { ring, lastSeen }] of this.#lines) {
      if (lastSeen === this.#last) continue;
      if (this.#last - lastSeen >= ROWS) this.#lines.delete(pool);
      else ring.push([]);
    }
  }

  /** The rows after number `last`; all that are kept when it is too old, or of another process. */
  after(last = 0): SeriesSlice {
    const isKnown = last >= 0 && last <= this.#last;
    const rows = isKnown ? Math.min(this.#last - last, ROWS) : ROWS;
    const at = this.#times.last(0, rows).map(Math.round);
    const pools = [...this.#lines].map(([pool, { ring }]) => [pool, columns(ring, at.length)]);
    return { last: this.#last, at, pools: Object.fromEntries(pools) };
  }

  #lineOf(pool: string): Line | undefined {
    const known = this.#lines.get(pool);
    if (known || this.#lines.size >= MOST_POOLS) return known;
    const line = { ring: new Ring(FIGURES.length, ROWS), lastSeen: this.#last };
    this.#lines.set(pool, line);
    return line;
  }
}

/** A pool that came later than the first of the rows has gaps before. */
function columns(ring: Ring, rows: number): PoolSeries {
  const gap = Array<null>(Math.max(0, rows - ring.length)).fill(null);
  const series = {} as Record<Figure, (number | null)[]>;
  for (const [i, figure] of FIGURES.entries()) {
    series[figure] = [...gap, ...ring.last(i, rows).map(short)];
  }
  return series;
}

function short(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
}
