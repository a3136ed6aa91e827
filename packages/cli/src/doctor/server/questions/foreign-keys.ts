import type { Ask, Row } from '../ask.ts';
import { numberOf, textOf } from '../columns.ts';
import type { ForeignKeyFact } from '../facts.ts';
import { IN_USERS_SCHEMA } from './users-schema.ts';

const MOST = 5_000;

const SQL = `
SELECT k.oid AS id, nullif(k.conparentid, 0) AS parent, c.relkind = 'p' AS is_partitioned, k.conname AS name, n.nspname || '.' || c.relname AS table_name,
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
 WHERE k.contype = 'f' AND c.relkind IN ('r', 'p') AND ${IN_USERS_SCHEMA}
 ORDER BY rows DESC
 LIMIT ${MOST}`;

export async function askForeignKeys(ask: Ask): Promise<ForeignKeyFact[]> {
  return withoutCopies(await ask(SQL));
}

/**
 * Partitions have copies of the key of their table, and a key that leads to a partitioned table has one for
 * each partition there.
 */
function withoutCopies(rows: readonly Row[]): ForeignKeyFact[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const originalOf = (row: Row): Row => {
    const parent = byId.get(row.parent);
    return parent ? originalOf(parent) : row;
  };
  const copies = new Map<Row, Row[]>();
  for (const row of rows) {
    const original = originalOf(row);
    if (original !== row && row.table_name !== original.table_name && !row.is_partitioned) {
      copies.set(original, [...(copies.get(original) ?? []), row]);
    }
  }
  return rows.filter((row) => originalOf(row) === row).map((row) => keyOf(row, copies.get(row)));
}

function keyOf(row: Row, partitions: readonly Row[] = []): ForeignKeyFact {
  const holders = partitions.length > 0 ? partitions : [row];
  return {
    name: textOf(row, 'name'),
    table: textOf(row, 'table_name'),
    references: textOf(row, 'references'),
    columns: row.columns as string[],
    rows: holders.reduce((sum, one) => sum + numberOf(one, 'rows'), 0),
    partitions: [...new Set(partitions.map((one) => textOf(one, 'table_name')))],
  };
}
