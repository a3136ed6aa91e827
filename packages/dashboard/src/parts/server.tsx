import { duration, whole } from '../model/words.ts';
import type { PoolSnapshot, Session } from '../wire.ts';
import { ActionButton } from './action.tsx';
import { type Column, Table } from './table.tsx';

const MOST_ROWS = 10;

/** What the server itself says; nothing where the monitor was not given it to look at. */
export function Server({ pool, mayTerminate }: { pool: PoolSnapshot; mayTerminate: boolean }) {
  const { server } = pool;
  if (!server) return null;
  const { used, max } = server.connections;
  const blocking = server.blockers.flatMap(({ session, waiting }) =>
    session ? [{ ...session, waiting }] : [],
  );
  const blockers = new Set(blocking.map(({ pid }) => pid));
  const others = [...server.idleInTransaction, ...server.longRunning].filter(
    ({ pid }) => !blockers.has(pid),
  );
  const sessions: (Session & { waiting?: number })[] = [...blocking, ...others];
  const columns: Column<Session & { waiting?: number }>[] = [
    {
      name: 'Session',
      cell: ({ pid, application, statement }) => (
        <>
          <span class="name">
            {pid} {application}
          </span>
          {statement !== null && <span class="site">{statement}</span>}
        </>
      ),
    },
    { name: 'State', cell: ({ state, waitsFor }) => waitsFor ?? state ?? '' },
    {
      name: 'For',
      isNumber: true,
      cell: ({ stateMillis }) => (stateMillis === null ? '' : duration(stateMillis)),
    },
    { name: 'Holds up', isNumber: true, cell: ({ waiting = 0 }) => whole(waiting) },
  ];
  if (mayTerminate) {
    columns.push({
      name: 'End it',
      isNumber: true,
      cell: ({ pid }) => (
        <ActionButton
          label="End"
          question={`End session ${pid}?`}
          deed={`End ${pid}`}
          query={{ action: 'terminate', pool: pool.name, pid: `${pid}`, confirm: `${pid}` }}
        >
          What it is doing fails, and its transaction is rolled back.
        </ActionButton>
      ),
    });
  }
  return (
    <section class="card" aria-labelledby="server">
      <h2 id="server">What the server says</h2>
      <p class="window">
        {server.problem ??
          `${whole(used)} connections are open${max === null ? '' : ` of ${whole(max)} that clients may open`}`}
      </p>
      <Table
        caption="Sessions that hold others up, idle in a transaction, or run for long"
        columns={columns}
        rows={sessions.slice(0, MOST_ROWS)}
        keyOf={({ pid }) => String(pid)}
        empty="No session holds others up, is idle in a transaction, or runs for long."
      />
      {server.notSeen.length > 0 && <p class="more">Not seen: {server.notSeen.join('; ')}.</p>}
    </section>
  );
}
