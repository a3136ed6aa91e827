import { whole } from '../../model/words.ts';
import type { ServerStatement } from '../../wire.ts';
import { costColumns } from '../statements.tsx';
import { type Column, Table } from '../table.tsx';

const MOST_ROWS = 10;

interface Props {
  /** The costliest first; null: there are none. */
  readonly statements: readonly ServerStatement[] | null;
  /** Why there are none, and how to have them. */
  readonly missing: string | null;
}

/** What the server counts of all applications together. */
export function ServerStatements({ statements, missing }: Props) {
  const total = (statements ?? []).reduce((sum, { totalMillis }) => sum + totalMillis, 0) || 1;
  const columns: Column<ServerStatement>[] = [
    ...costColumns<ServerStatement>('Of their time', total),
    { name: 'Calls', isNumber: true, cell: ({ calls }) => whole(calls) },
    { name: 'Rows', isNumber: true, isWide: true, cell: ({ rows }) => whole(rows) },
  ];
  return (
    <div>
      <h3>What has cost it the most</h3>
      <p class="window">
        statements of all applications in this database, as pg_stat_statements counts them
      </p>
      <Table
        caption="Statements of all applications by total time"
        columns={columns}
        rows={(statements ?? []).slice(0, MOST_ROWS)}
        keyOf={({ statement, calls }) => `${statement} ${calls}`}
        empty={missing ?? (statements ? 'None has been counted yet.' : 'They are being asked for.')}
      />
    </div>
  );
}
