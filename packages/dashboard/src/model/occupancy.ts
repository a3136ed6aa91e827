import type { PoolSnapshot } from '../wire.ts';

export type Place = 'checked-out' | 'shared' | 'connecting' | 'settling' | 'idle' | 'closed';

const SELDOM: readonly Place[] = ['connecting', 'settling'];

export interface Occupancy {
  readonly place: Place;
  readonly label: string;
  readonly count: number;
}

/** What the pool's connections do, in the order in which they are drawn. */
export function occupancyOf({
  kind,
  connections,
}: Pick<PoolSnapshot, 'kind' | 'connections'>): Occupancy[] {
  const { max, total, checkedOut, shared, connecting, idle } = connections;
  const known = checkedOut + shared + connecting + idle;
  const settling = Math.max(0, total - known);
  const closed = Math.max(0, max - known - settling);
  if (kind === 'server') {
    return [
      { place: 'checked-out', label: 'at work or in a transaction', count: checkedOut },
      { place: 'idle', label: 'idle', count: idle },
      { place: 'closed', label: 'free', count: closed },
    ];
  }
  const places: Occupancy[] = [
    { place: 'checked-out', label: 'held by one caller', count: checkedOut },
    { place: 'shared', label: 'shared by short statements', count: shared },
    { place: 'connecting', label: 'connecting', count: connecting },
    { place: 'settling', label: 'given back, not idle yet', count: settling },
    { place: 'idle', label: 'idle', count: idle },
    { place: 'closed', label: 'not open', count: closed },
  ];
  // What is seldom would be in the way as a zero all the time.
  return places.filter(({ place, count }) => count > 0 || !SELDOM.includes(place));
}
