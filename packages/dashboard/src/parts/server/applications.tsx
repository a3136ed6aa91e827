import { whole } from '../../model/words.ts';
import type { ServerSnapshot } from '../../wire.ts';
import { useStableOrder } from '../stable-order.ts';
import { Bar, type Column, Table } from '../table.tsx';

const MOST_ROWS = 8;

type Application = ServerSnapshot['connections']['byApplication'][number];

/** Whose connections they are. */
export function Applications({ applications }: { applications: readonly Application[] }) {
  const rows = useStableOrder(applications.slice(0, MOST_ROWS), ({ application }) => application);
  const most = Math.max(...applications.map(({ total }) => total), 1);
  const columns: Column<Application>[] = [
    { name: 'Application', cell: ({ application }) => <span class="name">{application}</span> },
    {
      name: 'Sessions',
      isNumber: true,
      cell: ({ total, idle }) => (
        <>
          {whole(total)}
          <Bar share={total / most} within={idle / total} />
        </>
      ),
    },
    { name: 'Active', isNumber: true, cell: ({ active }) => whole(active) },
    { name: 'Idle', isNumber: true, cell: ({ idle }) => whole(idle) },
    {
      name: 'In transaction',
      isNumber: true,
      isWide: true,
      cell: ({ idleInTransaction }) => whole(idleInTransaction),
    },
  ];
  return (
    <div>
      <h3>Whose connections they are</h3>
      <Table
        caption="Sessions of the server by application, the most first"
        columns={columns}
        rows={rows}
        keyOf={({ application }) => application}
        empty="Nobody but this monitor is connected."
      />
      {applications.length > MOST_ROWS && (
        <p class="more">and {applications.length - MOST_ROWS} more</p>
      )}
    </div>
  );
}
