import type { PoolSnapshot } from '../wire.ts';

export type Place = 'checked-out' | 'shared' | 'connecting' | 'idle' | 'closed';

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
  const closed = Math.max(0, max - Math.max(total, checkedOut + shared + connecting + idle));
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
    { place: 'idle', label: 'idle', count: idle },
    { place: 'closed', label: 'not open', count: closed },
  ];
  // A connection is seldom being made: a zero would be in the way all the time.
  return places.filter(({ place, count }) => place !== 'connecting' || count > 0);
}
