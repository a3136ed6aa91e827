import type { ServerLimits } from './limits.ts';
import { number, type ServerQuery, text } from './query.ts';

/** A statement as `pg_stat_statements` has counted it since its counters were reset. */
export interface CountedStatement {
  /** The statement, with the literals of what it does not normalise: not for anybody's eyes. */
  readonly query: string | null;
  readonly calls: number;
  readonly totalMillis: number;
  readonly meanMillis: number;
  readonly rows: number;
}

const MOST_STATEMENTS = 20;

/** What has cost the server most in this database; undefined: `pg_stat_statements` is not there, or not loaded. */
export function statements({
  statementsView,
  countsStatements,
  hasExecTime,
}: Pick<ServerLimits, 'statementsView' | 'countsStatements' | 'hasExecTime'>):
  | ServerQuery<CountedStatement[]>
  | undefined {
  if (statementsView === null || !countsStatements) return undefined;
  const [total, mean] = hasExecTime
    ? ['total_exec_time', 'mean_exec_time']
    : ['total_time', 'mean_time'];
  return {
    name: 'statements',
    sql: `
SELECT left(query, 4000) AS query,
       calls::float8 AS calls,
       ${total}::float8 AS total_millis,
       ${mean}::float8 AS mean_millis,
       rows::float8 AS rows
FROM ${statementsView}
WHERE dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
ORDER BY ${total} DESC
LIMIT ${MOST_STATEMENTS}`,
    parse: (rows) =>
      rows.map((row) => ({
        query: text(row.query),
        calls: number(row.calls) ?? 0,
        totalMillis: number(row.total_millis) ?? 0,
        meanMillis: number(row.mean_millis) ?? 0,
        rows: number(row.rows) ?? 0,
      })),
  };
}

/** How to have them, where they are missing; null: they are there. */
export function howToCountStatements({
  statementsView,
  countsStatements,
}: Pick<ServerLimits, 'statementsView' | 'countsStatements'>): string | null {
  if (!countsStatements) {
    const create = statementsView === null ? ', then run CREATE EXTENSION pg_stat_statements' : '';
    return `The server does not count them: add pg_stat_statements to its shared_preload_libraries and restart it${create}.`;
  }
  if (statementsView !== null) return null;
  return 'The server counts them, and this database does not show them: run CREATE EXTENSION pg_stat_statements.';
}
