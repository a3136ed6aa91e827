import { useRef } from 'preact/hooks';

/** Rows change places no more often than this: somebody reads them. */
const SETTLED_MILLIS = 5_000;

/** The rows in their order of a moment ago; new ones come last until it is time to sort again. */
export function useStableOrder<T>(rows: readonly T[], keyOf: (row: T) => string): T[] {
  const order = useRef({ at: 0, places: new Map<string, number>() });
  const now = performance.now();
  const isNew = rows.every((row) => !order.current.places.has(keyOf(row)));
  if (isNew || now - order.current.at >= SETTLED_MILLIS) {
    order.current = { at: now, places: new Map(rows.map((row, i) => [keyOf(row), i])) };
  }
  const { places } = order.current;
  const placeOf = (row: T) => places.get(keyOf(row)) ?? Number.POSITIVE_INFINITY;
  return rows
    .map((row, i) => ({ row, i, place: placeOf(row) }))
    .sort((a, b) => a.place - b.place || a.i - b.i)
    .map(({ row }) => row);
}
