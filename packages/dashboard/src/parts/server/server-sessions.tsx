import { looseSessions } from '../../model/loose-sessions.ts';
import { duration } from '../../model/words.ts';
import type { ServerSnapshot, Session } from '../../wire.ts';
import { useStableOrder } from '../stable-order.ts';
import { StatementText } from '../statements.tsx';
import { type Column, Table } from '../table.tsx';
import { EndSession } from './end-session.tsx';

const MOST_ROWS = 10;

interface Props {
  readonly server: ServerSnapshot;
  /** The pool in whose name a session may be ended; undefined: none may. */
  readonly endsIn: string | undefined;
}

/** What runs for long, and what is idle in a transaction. */
export function ServerSessions({ server, endsIn }: Props) {
  const sessions = looseSessions(server);
  const rows = useStableOrder(sessions.slice(0, MOST_ROWS), ({ pid }) => String(pid));
  const columns: Column<Session>[] = [
    {
      name: 'Session',
      cell: ({ pid, application, statement }) => (
        <>
          <span class="name">
            {pid} {application}
          </span>
          {statement !== null && <StatementText statement={statement} />}
        </>
      ),
    },
    { name: 'State', cell: ({ state, waitsFor }) => waitsFor ?? state ?? '' },
    {
      name: 'For',
      isNumber: true,
      cell: ({ stateMillis }) => (stateMillis === null ? '' : duration(stateMillis)),
    },
    {
      name: 'Transaction',
      isNumber: true,
      cell: ({ transactionMillis }) =>
        transactionMillis === null ? '' : duration(transactionMillis),
    },
  ];
  if (endsIn !== undefined) {
    columns.push({
      name: 'End it',
      isNumber: true,
      cell: ({ pid }) => <EndSession pool={endsIn} pid={pid} />,
    });
  }
  return (
    <div>
      <h3>What runs for long, or is idle in a transaction</h3>
      <Table
        caption="Sessions at work, or idle in a transaction, for a second or more"
        columns={columns}
        rows={rows}
        keyOf={({ pid }) => String(pid)}
        empty="Nothing, for a second or more."
      />
      {sessions.length > MOST_ROWS && <p class="more">and {sessions.length - MOST_ROWS} more</p>}
    </div>
  );
}
