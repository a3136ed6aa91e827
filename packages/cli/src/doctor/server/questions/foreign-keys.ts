import type { Ask } from '../ask.ts';
import { numberOf, textOf } from '../columns.ts';
import type { ForeignKeyFact } from '../facts.ts';
import { IN_USERS_SCHEMA } from './users-schema.ts';

const MOST = 5_000;

const SQL = `
SELECT k.conname AS name, n.nspname || '.' || c.relname AS table_name,
       k.confrelid::regclass::text AS references,
       ARRAY(SELECT a.attname::text
               FROM unnest(k.conkey) WITH ORDINALITY p (attnum, place)
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.attnum
              ORDER BY p.place) AS columns,
       greatest(c.reltuples, s.n_live_tup, 0)::float8 AS rows
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
 WHERE k.contype = 'f' AND c.relkind = 'r' AND ${IN_USERS_SCHEMA}
 ORDER BY rows DESC
 LIMIT ${MOST}`;

export async function askForeignKeys(ask: Ask): Promise<ForeignKeyFact[]> {
  return (await ask(SQL)).map((row) => ({
    name: textOf(row, 'name'),
    table: textOf(row, 'table_name'),
    references: textOf(row, 'references'),
    columns: row.columns as string[],
    rows: numberOf(row, 'rows'),
  }));
}
