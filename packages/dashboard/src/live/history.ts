import type { Figure, PoolColumns, SeriesSlice } from '../wire.ts';

/** 15 minutes of seconds: as much as the server keeps. */
const ROWS = 900;

/** The columns that the charts are drawn from, as far as they have come. */
export interface History {
  /** Number of the last row. */
  readonly last: number;
  /** Seconds since 1970. */
  readonly at: readonly number[];
  readonly pools: Readonly<Record<string, PoolColumns>>;
}

export const NO_HISTORY: History = { last: 0, at: [], pools: {} };

/** Adds the rows of a slice that goes on where the history ends; any other slice takes its place. */
export function join(history: History, slice: SeriesSlice, isSameProcess: boolean): History {
  const at = slice.at.map((millis) => millis / 1_000);
  const goesOn = isSameProcess && slice.last - slice.at.length === history.last;
  if (!goesOn) return { last: slice.last, at, pools: slice.pools };
  const pools: Record<string, PoolColumns> = {};
  for (const [pool, columns] of Object.entries(slice.pools)) {
    const before = history.pools[pool];
    const joined = {} as Record<Figure, (number | null)[]>;
    for (const figure of Object.keys(columns) as Figure[]) {
      joined[figure] = append(before?.[figure] ?? gap(history.at.length), columns[figure]);
    }
    pools[pool] = joined;
  }
  return { last: slice.last, at: append(history.at, at), pools };
}

function append<T>(before: readonly T[], later: readonly T[]): T[] {
  return [...before, ...later].slice(-ROWS);
}

function gap(rows: number): null[] {
  return Array<null>(rows).fill(null);
}
