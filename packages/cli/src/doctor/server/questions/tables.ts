import type { Ask } from '../ask.ts';
import { flagOf, numberOf, numberOrNull, textOf } from '../columns.ts';
import type { TableFact } from '../facts.ts';
import { IN_USERS_SCHEMA } from './users-schema.ts';

/** The largest; what is small is no burden. */
const MOST = 2_000;

/** Sizes by relpages: asking for a file's size would take a lock, and wait behind a migration. */
const SQL = `
SELECT n.nspname || '.' || c.relname AS name,
       greatest(c.reltuples, s.n_live_tup, 0)::float8 AS rows,
       c.relpages::float8 * current_setting('block_size')::int AS bytes,
       s.seq_scan, s.seq_tup_read, s.idx_scan, s.n_dead_tup, s.n_mod_since_analyze,
       extract(epoch FROM now() - greatest(s.last_analyze, s.last_autoanalyze))::float8 AS analyzed_ago,
       coalesce(c.reloptions::text LIKE '%autovacuum_enabled=false%'
                OR c.reloptions::text LIKE '%autovacuum_enabled=off%', false) AS autovacuum_off
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_stat_all_tables s ON s.relid = c.oid
 WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND ${IN_USERS_SCHEMA}
 ORDER BY greatest(c.reltuples, s.n_live_tup) DESC
 LIMIT ${MOST}`;

export async function askTables(ask: Ask): Promise<TableFact[]> {
  return (await ask(SQL)).map((row) => ({
    name: textOf(row, 'name'),
    rows: numberOf(row, 'rows'),
    bytes: numberOf(row, 'bytes'),
    sequentialScans: numberOf(row, 'seq_scan'),
    sequentialRows: numberOf(row, 'seq_tup_read'),
    indexScans: numberOrNull(row, 'idx_scan'),
    deadRows: numberOf(row, 'n_dead_tup'),
    changedSinceAnalyze: numberOf(row, 'n_mod_since_analyze'),
    analyzedAgo: numberOrNull(row, 'analyzed_ago'),
    autovacuumOff: flagOf(row, 'autovacuum_off'),
  }));
}
