import { number, type Row, type ServerQuery, text } from './query.ts';

/** A session of a client, as `pg_stat_activity` has it. */
export interface Session {
  readonly pid: number;
  readonly application: string | null;
  readonly role: string | null;
  readonly database: string | null;
  /** Its address; null for a socket of the same machine. */
  readonly client: string | null;
  /** Null: the role that looks may not see it. */
  readonly state: string | null;
  /** For how long it has been in this state. */
  readonly stateMillis: number | null;
  /** How old its transaction is. */
  readonly transactionMillis: number | null;
  /** What it waits for, as `Lock: transactionid`. */
  readonly waitsFor: string | null;
  /** Processes that hold, or wait before it for, the lock that it waits for; 0 is a prepared transaction. */
  readonly blockedBy: readonly number[];
  /** The statement, or the last one, with its literals: not for anybody's eyes. */
  readonly query: string | null;
}

/** More sessions than this are beyond a page, and beyond what a server should have. */
const MOST_SESSIONS = 1_000;
/** A statement that was cut off is summarised all the same. */
const LONGEST_QUERY = 4_000;

/**
 * Who is connected, doing what, waiting for whom. Waits are found in `pg_locks`, which everybody may read;
 * `pg_blocking_pids` is asked for those alone that wait, for it holds up the lock manager.
 */
export const activity: ServerQuery<Session[]> = {
  name: 'activity',
  sql: `
WITH waiting AS (SELECT DISTINCT pid FROM pg_catalog.pg_locks WHERE NOT granted)
SELECT a.pid,
       a.application_name AS application,
       a.usename AS role,
       a.datname AS database,
       pg_catalog.host(a.client_addr) AS client,
       a.state,
       (extract(epoch FROM clock_timestamp() - a.state_change) * 1000)::float8 AS state_millis,
       (extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::float8 AS transaction_millis,
       a.wait_event_type || ': ' || a.wait_event AS waits_for,
       CASE WHEN w.pid IS NOT NULL THEN pg_catalog.pg_blocking_pids(a.pid) END AS blocked_by,
       CASE WHEN a.state <> 'idle' THEN left(a.query, ${LONGEST_QUERY}) END AS query
FROM pg_catalog.pg_stat_activity a LEFT JOIN waiting w ON w.pid = a.pid
WHERE (a.backend_type = 'client backend' OR a.backend_type IS NULL AND a.datid IS NOT NULL)
  AND a.pid <> pg_catalog.pg_backend_pid()
ORDER BY transaction_millis DESC NULLS LAST, a.pid
LIMIT ${MOST_SESSIONS}`,
  parse: (rows) => rows.map(toSession),
};

function toSession(row: Row): Session {
  const state = text(row.state);
  return {
    pid: Number(row.pid),
    application: text(row.application),
    role: text(row.role),
    database: text(row.database),
    client: text(row.client),
    state,
    stateMillis: number(row.state_millis),
    transactionMillis: number(row.transaction_millis),
    // An idle session waits for its client; that is no news.
    waitsFor: state === 'active' ? text(row.waits_for) : null,
    blockedBy: Array.isArray(row.blocked_by) ? row.blocked_by.map(Number) : [],
    query: text(row.query),
  };
}
