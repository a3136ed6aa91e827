import type { Ask, Row } from '../ask.ts';
import { flagOf, numberOf, textOf, textOrNull } from '../columns.ts';
import type { IndexFact } from '../facts.ts';
import { IN_USERS_SCHEMA } from './users-schema.ts';

/** The largest. */
const MOST = 5_000;

/** One that is being built just now is not valid yet and no failure. */
const BEING_BUILT = {
  since: 120_000,
  sql: 'i.oid IN (SELECT index_relid FROM pg_stat_progress_create_index)',
};

/**
 * An expression as the catalogue keeps it, without the places that its parts had in the statement. (pg_get_indexdef
 * would be easier, and waits for the lock of a migration.)
 */
const WITHOUT_PLACES = (column: string) =>
  `regexp_replace(${column}::text, ':\\w*location -?\\d+|:list_(start|end) -?\\d+', '', 'g')`;

export async function askIndexes(ask: Ask, versionNumber: number): Promise<IndexFact[]> {
  const building = versionNumber >= BEING_BUILT.since ? BEING_BUILT.sql : 'false';
  const rows = await ask(`
SELECT n.nspname || '.' || t.relname AS table_name, n.nspname || '.' || i.relname AS name,
       concat_ws('|', i.relam, x.indkey, x.indnkeyatts, x.indclass, x.indcollation, x.indoption,
                 ${WITHOUT_PLACES('x.indexprs')}, ${WITHOUT_PLACES('x.indpred')}) AS signature,
       (SELECT a.attname::text FROM pg_attribute a
         WHERE a.attrelid = t.oid AND x.indpred::text ~ '^\\{NULLTEST :arg \\{VAR [^{}]*\\} :nulltesttype 1 '
           AND a.attnum = substring(x.indpred::text FROM ':varattno (\\d+)')::int2) AS not_null_column,
       m.amname AS method,
       ARRAY(SELECT a.attname::text
               FROM unnest(x.indkey::int2[]) WITH ORDINALITY k (attnum, place)
               LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum AND k.attnum > 0
              WHERE k.place <= x.indnkeyatts ORDER BY k.place) AS columns,
       ARRAY(SELECT k.class || ' ' || k.coll || ' ' || k.direction
               FROM unnest(x.indclass::oid[], x.indcollation::oid[], x.indoption::int2[])
                    WITH ORDINALITY k (class, coll, direction, place)
              WHERE k.place <= x.indnkeyatts ORDER BY k.place) AS traits,
       x.indpred IS NOT NULL AS is_partial,
       x.indnatts > x.indnkeyatts AS includes,
       x.indisunique AS is_unique,
       x.indisreplident OR x.indisclustered OR x.indisexclusion
         OR EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid) AS is_needed,
       x.indisvalid AND x.indisready OR ${building} AS is_valid,
       i.relkind = 'I' AS is_partitioned,
       (SELECT pn.nspname || '.' || p.relname FROM pg_inherits h
          JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
         WHERE h.inhrelid = i.oid) AS part_of,
       coalesce(s.idx_scan, 0) AS scans,
       i.relpages::float8 * current_setting('block_size')::int AS bytes
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_class t ON t.oid = x.indrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
  JOIN pg_am m ON m.oid = i.relam
  LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = i.oid
 WHERE i.relkind IN ('i', 'I') AND t.relpersistence <> 't' AND ${IN_USERS_SCHEMA}
 ORDER BY i.relpages DESC
 LIMIT ${MOST}`);
  return rows.map(indexOf);
}

function indexOf(row: Row): IndexFact {
  return {
    table: textOf(row, 'table_name'),
    name: textOf(row, 'name'),
    signature: textOf(row, 'signature'),
    notNullColumn: textOrNull(row, 'not_null_column'),
    method: textOf(row, 'method'),
    columns: row.columns as (string | null)[],
    traits: row.traits as string[],
    isPartial: flagOf(row, 'is_partial'),
    includes: flagOf(row, 'includes'),
    isUnique: flagOf(row, 'is_unique'),
    isNeeded: flagOf(row, 'is_needed'),
    isValid: flagOf(row, 'is_valid'),
    isPartitioned: flagOf(row, 'is_partitioned'),
    partOf: textOrNull(row, 'part_of'),
    scans: numberOf(row, 'scans'),
    bytes: numberOf(row, 'bytes'),
  };
}
