import { groupStatements } from '../model/statement-groups.ts';
import { duration, percent, whole } from '../model/words.ts';
import type { PoolSnapshot, StatementStats } from '../wire.ts';
import { useStableOrder } from './stable-order.ts';
import { Bar, type Column, Table } from './table.tsx';

const MOST_ROWS = 12;
/** Characters that find room in any case. */
const SHORT = 120;

/** What the server's time goes to. */
export function Statements({ pool }: { pool: PoolSnapshot }) {
  const { seconds } = pool.window;
  const statements = groupStatements(pool.window.statements);
  const total = statements.reduce((sum, { totalMillis }) => sum + totalMillis, 0) || 1;
  const rows = useStableOrder(statements.slice(0, MOST_ROWS), ({ statement }) => statement);
  const columns: Column<StatementStats>[] = [
    ...costColumns<StatementStats>('Of the time', total),
    { name: 'Longest', isNumber: true, isWide: true, cell: ({ maxMillis }) => duration(maxMillis) },
    { name: 'Times', isNumber: true, cell: ({ executions }) => whole(executions) },
    {
      name: 'Errors',
      isNumber: true,
      isWide: true,
      cell: ({ errors }) => <span class={errors > 0 ? 'notable' : ''}>{whole(errors)}</span>,
    },
  ];
  return (
    <section class="card" aria-labelledby="statements">
      <h2 id="statements">What takes the server’s time</h2>
      <p class="window">in the last {whole(seconds)} s; literals and parameters are left out</p>
      <Table
        caption="Statements by total time"
        columns={columns}
        rows={rows}
        keyOf={({ statement }) => statement}
        empty="No statement has been sent lately."
      />
    </section>
  );
}

interface Cost {
  readonly statement: string;
  readonly totalMillis: number;
  readonly meanMillis: number;
}

/** What a statement is, its share of `total` ms, and what it takes each time. */
export function costColumns<T extends Cost>(shareName: string, total: number): Column<T>[] {
  return [
    { name: 'Statement', cell: ({ statement }) => <StatementText statement={statement} /> },
    {
      name: shareName,
      isNumber: true,
      cell: ({ totalMillis }) => (
        <>
          {percent(totalMillis / total)}
          <Bar share={totalMillis / total} />
        </>
      ),
    },
    { name: 'Mean', isNumber: true, cell: ({ meanMillis }) => duration(meanMillis) },
  ];
}

/** A long one shows its beginning until it is opened. */
export function StatementText({ statement }: { statement: string }) {
  if (statement.length <= SHORT) return <code>{statement}</code>;
  return (
    <details class="statement">
      <summary>
        <code>{statement}</code>
      </summary>
    </details>
  );
}
