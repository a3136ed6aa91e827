import { bytes, duration, moment } from '../model/words.ts';
import type { IncidentRecord, PoolSnapshot, Replica } from '../wire.ts';
import { StatusIcon } from './icons.tsx';
import { type Column, Table } from './table.tsx';

interface Props {
  readonly pool: PoolSnapshot;
  /** Those that last. */
  readonly active: readonly IncidentRecord[];
  /** Of the snapshot. */
  readonly now: Date;
}

/** Which replicas there are, and how far they are behind; nothing where there is none. */
export function Replicas({ pool, active, now }: Props) {
  const { replicas } = pool;
  if (replicas.length === 0) return null;
  const isTold = (name: string) =>
    active.some((incident) => incident.pool === pool.name && incident.subject === name);
  const columns: Column<Replica>[] = [
    {
      name: 'Replica',
      cell: ({ name, isUp }) => (
        <span class="name">
          <StatusIcon status={isUp ? (isTold(name) ? 'warn' : 'pass') : 'fail'} size={14} /> {name}
        </span>
      ),
    },
    { name: 'State', cell: (replica) => stateOf(replica, now) },
    {
      name: 'Behind',
      isNumber: true,
      cell: ({ lagMillis }) => (lagMillis === undefined ? 'not known' : duration(lagMillis)),
    },
    {
      name: 'Not replayed yet',
      isNumber: true,
      cell: ({ lagBytes }) => (lagBytes === undefined ? '–' : bytes(lagBytes)),
    },
  ];
  // Only who sends reads there knows that.
  if (replicas.some(({ isUsed }) => isUsed !== undefined)) {
    columns.push({ name: 'Reads', isNumber: true, cell: ({ isUsed }) => (isUsed ? 'yes' : 'no') });
  }
  return (
    <section class="card" aria-labelledby="replicas">
      <h2 id="replicas">Replicas</h2>
      <Table
        caption="Replicas, and how far each is behind"
        columns={columns}
        rows={replicas}
        keyOf={({ name }) => name}
        empty=""
      />
    </section>
  );
}

function stateOf({ isUp, lostSince }: Replica, now: Date): string {
  if (isUp) return 'answers';
  return lostSince === undefined
    ? 'does not answer'
    : `gone since ${moment(new Date(lostSince), now)}`;
}
