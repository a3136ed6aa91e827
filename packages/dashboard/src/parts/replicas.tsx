import { bytes, duration } from '../model/words.ts';
import type { PoolSnapshot, Replica } from '../wire.ts';
import { StatusIcon } from './icons.tsx';
import { type Column, Table } from './table.tsx';

/** Which replicas there are, and how far they are behind; nothing where there is none. */
export function Replicas({ pool }: { pool: PoolSnapshot }) {
  const { replicas } = pool;
  if (replicas.length === 0) return null;
  const columns: Column<Replica>[] = [
    {
      name: 'Replica',
      cell: ({ name, isUp }) => (
        <span class="name">
          <StatusIcon status={isUp ? 'pass' : 'fail'} size={14} /> {name}
        </span>
      ),
    },
    { name: 'State', cell: ({ isUp }) => (isUp ? 'answers' : 'does not answer') },
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
