import type { Ask } from '../ask.ts';
import { numberOf, numberOrNull, textOf } from '../columns.ts';
import type { DatabaseFact } from '../facts.ts';

const SESSION_COUNTERS_SINCE = 140_000;

export async function askDatabases(ask: Ask, versionNumber: number): Promise<DatabaseFact[]> {
  const counters =
    versionNumber >= SESSION_COUNTERS_SINCE
      ? 's.sessions, s.session_time / 1000 AS session_time, s.sessions_abandoned AS abandoned'
      : 'NULL AS sessions, NULL AS session_time, NULL AS abandoned';
  const rows = await ask(`
SELECT d.datname AS name, d.datconnlimit AS connection_limit,
       age(d.datfrozenxid) AS transaction_age, mxid_age(d.datminmxid) AS multixact_age,
       s.blks_hit, s.blks_read, ${counters},
       extract(epoch FROM now() - s.stats_reset)::float8 AS stats_age
  FROM pg_database d LEFT JOIN pg_stat_database s ON s.datid = d.oid`);
  return rows.map((row) => ({
    name: textOf(row, 'name'),
    connectionLimit: numberOf(row, 'connection_limit'),
    transactionAge: numberOf(row, 'transaction_age'),
    multixactAge: numberOf(row, 'multixact_age'),
    blocksHit: numberOf(row, 'blks_hit'),
    blocksRead: numberOf(row, 'blks_read'),
    sessions: numberOrNull(row, 'sessions'),
    sessionTime: numberOrNull(row, 'session_time'),
    abandoned: numberOrNull(row, 'abandoned'),
    statsAge: numberOrNull(row, 'stats_age'),
  }));
}
