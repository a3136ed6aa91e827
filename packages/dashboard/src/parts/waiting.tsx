import { amount, duration, whole } from '../model/words.ts';
import type { PoolSnapshot, Waiting as WaitingStats } from '../wire.ts';
import { useStableOrder } from './stable-order.ts';
import { Bar, type Column, Table } from './table.tsx';

const MOST_ROWS = 10;

/** Who waits for a connection at this moment, and how long it has taken lately. */
export function Waiting({ pool }: { pool: PoolSnapshot }) {
  const { waiting } = pool;
  const rows = useStableOrder(waiting.slice(0, MOST_ROWS), ({ owner }) => owner);
  const most = Math.max(...waiting.map(({ callers }) => callers), 1);
  const columns: Column<WaitingStats>[] = [
    { name: 'Who', cell: ({ owner }) => <span class="name">{owner}</span> },
    {
      name: 'Callers',
      isNumber: true,
      cell: ({ callers }) => (
        <>
          {whole(callers)}
          <Bar share={callers / most} />
        </>
      ),
    },
    {
      name: 'Longest wait',
      isNumber: true,
      cell: ({ longestMillis }) => duration(longestMillis),
    },
  ];
  return (
    <section class="card" aria-labelledby="waiting">
      <h2 id="waiting">Who waits</h2>
      <p class="window">{atThisMoment(pool)}</p>
      <Table
        caption="Callers that wait for a connection, by what they want to do"
        columns={columns}
        rows={rows}
        keyOf={({ owner }) => owner}
        empty="Nobody waits."
      />
      <p class="more">{lately(pool)}</p>
    </section>
  );
}

function atThisMoment({ pending, waiting }: PoolSnapshot): string {
  if (pending === 0) return 'at this moment';
  const counted = waiting.reduce((sum, { callers }) => sum + callers, 0);
  const isAll = counted === 0 || counted >= pending;
  return `${whole(pending)} at this moment${isAll ? '' : `; the first ${whole(counted)} of them`}`;
}

function lately({ recent: { wait, perSecond, seconds }, breaker }: PoolSnapshot): string {
  const refused = perSecond.timeouts + perSecond.shed;
  if (wait.count === 0 && refused === 0) return '';
  const nobody =
    breaker?.state === 'open' ? 'nobody was refused but by the breaker' : 'nobody was refused';
  return (
    `In the last ${whole(seconds)} s: half waited ${duration(wait.p50Millis)}, 99 of 100 at most ` +
    `${duration(wait.p99Millis)}, the longest ${duration(wait.maxMillis)}; ` +
    `${refused > 0 ? `${amount(refused)} a second were refused` : nobody}.`
  );
}
