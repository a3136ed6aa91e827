import { normaliseSql } from '../../sql/normalise.ts';
import type { Ask, Row } from '../ask.ts';
import { numberOf, numberOrNull, textOf, textOrNull } from '../columns.ts';
import type { SessionFact, SessionState } from '../facts.ts';

/** Enough to recognise a statement by. */
const STATEMENT_LENGTH = 1_000;
const HIDDEN = '<insufficient privilege>';

/**
 * Clients only. The server does not say what kind of process it is to those who may not see others' sessions;
 * then a client is who has a database and a user.
 */
const SQL = `
SELECT pid, datname AS database, usename AS "user", application_name AS application,
       host(client_addr) AS address, state, wait_event_type AS wait_type,
       extract(epoch FROM clock_timestamp() - backend_start)::float8 AS connected_for,
       extract(epoch FROM clock_timestamp() - xact_start)::float8 AS transaction_for,
       extract(epoch FROM clock_timestamp() - query_start)::float8 AS statement_for,
       extract(epoch FROM clock_timestamp() - state_change)::float8 AS state_for,
       left(query, ${STATEMENT_LENGTH}) AS statement,
       CASE WHEN wait_event_type = 'Lock' THEN pg_blocking_pids(pid) END AS blocked_by
  FROM pg_stat_activity
 WHERE pid <> pg_backend_pid()
   AND coalesce(backend_type = 'client backend', datname IS NOT NULL AND usename IS NOT NULL)`;

export async function askSessions(ask: Ask): Promise<SessionFact[]> {
  return (await ask(SQL)).map(sessionOf);
}

function sessionOf(row: Row): SessionFact {
  const statement = textOrNull(row, 'statement');
  return {
    pid: numberOf(row, 'pid'),
    database: textOrNull(row, 'database'),
    user: textOrNull(row, 'user'),
    application: textOf(row, 'application'),
    address: textOrNull(row, 'address'),
    state: textOrNull(row, 'state') as SessionState | null,
    waitType: textOrNull(row, 'wait_type'),
    connectedFor: numberOrNull(row, 'connected_for'),
    transactionFor: numberOrNull(row, 'transaction_for'),
    statementFor: numberOrNull(row, 'statement_for'),
    stateFor: numberOrNull(row, 'state_for'),
    statement: statement === null || statement === HIDDEN ? null : normaliseSql(statement) || null,
    blockedBy: (row.blocked_by as number[] | null) ?? [],
  };
}
