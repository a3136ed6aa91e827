import type { ServerQuery } from '@lifeguard/monitor/server';

/** A reading of the server's counter. */
export interface Counted {
  readonly transactions: number;
  readonly at: number;
}

/** Transactions of all databases since the server's statistics began, those that were rolled back with them. */
export const throughput: ServerQuery<number> = {
  name: 'throughput',
  sql: `
SELECT coalesce(sum(xact_commit + xact_rollback), 0)::float8 AS transactions
  FROM pg_catalog.pg_stat_database`,
  parse: ([row]) => Number(row?.transactions ?? 0),
};
