import { maskLiterals } from '@lifeguard/pool';
import { normaliseSql } from '../../sql/normalise.ts';
import type { Ask } from '../ask.ts';
import { flagOf, numberOf, numberOrNull, textOf, textOrNull } from '../columns.ts';
import type { StatementFacts } from '../facts.ts';

const MOST = 100;
const LENGTH = 2_000;
/** PostgreSQL 13's version of the extension gave its columns other names. */
const EXEC_TIME_SINCE = '1.8';
const INFO_SINCE = '1.9';
/** object_not_in_prerequisite_state: the extension is there, its library is not. */
const NOT_PRELOADED = '55000';

const PRESENCE = `
SELECT (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'pg_stat_statements') AS version,
       (SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
         WHERE e.extname = 'pg_stat_statements') AS schema,
       EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_stat_statements') AS is_available,
       (SELECT setting LIKE '%pg_stat_statements%' FROM pg_settings
         WHERE name = 'shared_preload_libraries') AS is_preloaded`;

export async function askStatements(ask: Ask): Promise<StatementFacts> {
  const [presence = {}] = await ask(PRESENCE);
  const version = textOrNull(presence, 'version');
  if (version === null) {
    const isPreloaded = presence.is_preloaded === null ? null : flagOf(presence, 'is_preloaded');
    return { kind: 'not-created', isAvailable: flagOf(presence, 'is_available'), isPreloaded };
  }
  try {
    return await askCounters(ask, textOf(presence, 'schema'), version);
  } catch (error) {
    if ((error as { code?: string }).code === NOT_PRELOADED) return { kind: 'not-preloaded' };
    throw error;
  }
}

async function askCounters(ask: Ask, schema: string, version: string): Promise<StatementFacts> {
  const isSince = (other: string) => compareVersions(version, other) >= 0;
  const [total, mean] = isSince(EXEC_TIME_SINCE)
    ? ['total_exec_time', 'mean_exec_time']
    : ['total_time', 'mean_time'];
  const age = isSince(INFO_SINCE)
    ? `(SELECT extract(epoch FROM now() - stats_reset)::float8 FROM ${schema}.pg_stat_statements_info)`
    : 'NULL::float8';
  // Statements about the catalogue are those of tools, ours among them.
  const rows = await ask(`
WITH s AS (
  SELECT query, calls, ${total} AS total, ${mean} AS mean, rows
    FROM ${schema}.pg_stat_statements
   WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
     AND query !~* '\\ypg_(catalog|stat|class|settings|namespace|locks)')
SELECT left(query, ${LENGTH}) AS query, calls, total, mean, rows,
       (SELECT sum(calls) FROM s) AS all_calls, (SELECT sum(total) FROM s) AS all_total, ${age} AS age
  FROM (SELECT *, row_number() OVER (ORDER BY total DESC) AS by_total,
               row_number() OVER (ORDER BY calls DESC) AS by_calls FROM s) ranked
 WHERE by_total <= ${MOST} OR by_calls <= ${MOST}
 ORDER BY total DESC`);
  return {
    kind: 'seen',
    statements: rows
      .filter((row) => textOrNull(row, 'query') !== '<insufficient privilege>')
      .map((row) => ({
        text: normaliseSql(textOf(row, 'query')),
        whole: wholeOf(textOf(row, 'query')),
        calls: numberOf(row, 'calls'),
        totalMillis: numberOf(row, 'total'),
        meanMillis: numberOf(row, 'mean'),
        rows: numberOf(row, 'rows'),
      })),
    allCalls: numberOf(rows[0] ?? {}, 'all_calls'),
    allMillis: numberOf(rows[0] ?? {}, 'all_total'),
    age: numberOrNull(rows[0] ?? {}, 'age'),
  };
}

function wholeOf(query: string): string | null {
  const masked = maskLiterals(query);
  const marks = (text: string) => text.split('?').length;
  // As many as before: those are operators.
  return query.length < LENGTH && marks(masked) === marks(query) ? masked : null;
}

/** `1.10` is later than `1.9`. */
function compareVersions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}
