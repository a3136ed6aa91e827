import { LIFEGUARD } from '../cases/case.ts';
import { lifeguard, lifeguardAlone, pgPool, pgPoolNamed } from './pg.ts';
import { postgresJs } from './postgres-js.ts';
import type { SqlPool, SqlPoolOptions } from './sql.ts';

export const PG_POOL = 'pg.Pool';
export const PG_POOL_NAMED = 'pg.Pool named';
export const POSTGRES_JS = 'postgres.js';
export const LIFEGUARD_ALONE = 'Lifeguard, multiplex: false';

const sqlPools: Readonly<Record<string, (options: SqlPoolOptions) => SqlPool>> = {
  [PG_POOL]: pgPool,
  [PG_POOL_NAMED]: pgPoolNamed,
  [POSTGRES_JS]: postgresJs,
  [LIFEGUARD]: lifeguard,
  [LIFEGUARD_ALONE]: lifeguardAlone,
};

/** @throws when no pool has that name. */
export function openSqlPool(peer: string, options: SqlPoolOptions): SqlPool {
  const open = sqlPools[peer];
  if (!open) throw new Error(`no pool is called '${peer}'`);
  return open(options);
}
