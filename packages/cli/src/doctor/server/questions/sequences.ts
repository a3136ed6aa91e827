import type { Ask } from '../ask.ts';
import { numberOf, textOf, textOrNull } from '../columns.ts';
import type { SequenceFact } from '../facts.ts';
import { IN_USERS_SCHEMA } from './users-schema.ts';

const MOST = 5_000;

/** Those that count up to an end and were used; last_value is null for who may not read the sequence. */
const SQL = `
SELECT n.nspname || '.' || c.relname AS name, v.last_value AS last,
       least(q.seqmax, CASE a.atttypid WHEN 'int2'::regtype THEN 32767
                                       WHEN 'int4'::regtype THEN 2147483647 END) AS highest,
       t.oid::regclass || '.' || quote_ident(a.attname) AS column_name
  FROM pg_sequence q
  JOIN pg_class c ON c.oid = q.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_sequences v ON v.schemaname = n.nspname AND v.sequencename = c.relname
  LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass
                       AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  LEFT JOIN pg_class t ON t.oid = d.refobjid
  LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid AND a.attnum > 0
 WHERE ${IN_USERS_SCHEMA} AND q.seqincrement > 0 AND NOT q.seqcycle AND v.last_value IS NOT NULL
 LIMIT ${MOST}`;

export async function askSequences(ask: Ask): Promise<SequenceFact[]> {
  return (await ask(SQL)).map((row) => ({
    name: textOf(row, 'name'),
    last: numberOf(row, 'last'),
    highest: numberOf(row, 'highest'),
    column: textOrNull(row, 'column_name'),
  }));
}
