import { number, type ServerQuery, text } from './query.ts';

/** What the server is, how many connections it allows, and what the role that looks may see. */
export interface ServerLimits {
  readonly version: string;
  readonly startedAt: string | null;
  readonly isReplica: boolean;
  readonly role: string;
  readonly database: string;
  readonly maxConnections: number;
  /** Kept for superusers, and for `pg_use_reserved_connections` from PostgreSQL 16 on. */
  readonly reservedConnections: number;
  /** Of the role and the database; null: none. */
  readonly roleLimit: number | null;
  readonly databaseLimit: number | null;
  /** Whether it may see the statements and states of other roles. */
  readonly seesAll: boolean;
  /** Where `pg_stat_statements` is, quoted for use in a statement; null: it is not in this database. */
  readonly statementsView: string | null;
  /** Whether the server has loaded it, and counts. */
  readonly countsStatements: boolean;
  /** Whether its columns have the names of version 1.8 (PostgreSQL 13) on. */
  readonly hasExecTime: boolean;
}

export const limits: ServerQuery<ServerLimits | undefined> = {
  name: 'limits',
  sql: `
SELECT current_setting('server_version') AS version,
       to_char(pg_catalog.pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS started_at,
       pg_catalog.pg_is_in_recovery() AS is_replica,
       current_user::text AS role,
       current_database()::text AS database,
       current_setting('max_connections')::float8 AS max_connections,
       current_setting('superuser_reserved_connections')::float8
         + coalesce(current_setting('reserved_connections', true), '0')::float8 AS reserved,
       (SELECT nullif(rolconnlimit, -1)::float8 FROM pg_catalog.pg_roles WHERE rolname = current_user) AS role_limit,
       (SELECT nullif(datconnlimit, -1)::float8 FROM pg_catalog.pg_database
         WHERE datname = current_database()) AS database_limit,
       pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS sees_all,
       (SELECT quote_ident(n.nspname) || '.pg_stat_statements' FROM pg_catalog.pg_extension e
         JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
         WHERE e.extname = 'pg_stat_statements') AS statements_view,
       current_setting('pg_stat_statements.max', true) IS NOT NULL AS counts_statements,
       EXISTS (SELECT FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_attribute a
         ON a.attrelid = to_regclass((SELECT quote_ident(n.nspname) FROM pg_catalog.pg_namespace n
                                       WHERE n.oid = e.extnamespace) || '.pg_stat_statements')
         WHERE e.extname = 'pg_stat_statements' AND a.attname = 'total_exec_time') AS has_exec_time`,
  parse: ([row]) =>
    row && {
      version: String(row.version).split(' ')[0] ?? '',
      startedAt: text(row.started_at),
      isReplica: row.is_replica === true,
      role: String(row.role),
      database: String(row.database),
      maxConnections: number(row.max_connections) ?? 0,
      reservedConnections: number(row.reserved) ?? 0,
      roleLimit: number(row.role_limit),
      databaseLimit: number(row.database_limit),
      seesAll: row.sees_all === true,
      statementsView: text(row.statements_view),
      countsStatements: row.counts_statements === true,
      hasExecTime: row.has_exec_time === true,
    },
};
