import type pg from 'pg';
import { expectRows } from './operation.ts';

/** What a session shows of the state that operations leave in it; nothing here sets any. */
export const SESSION_TEXT = `
  SELECT current_setting('search_path') AS search_path,
    current_setting('default_transaction_read_only') AS read_only,
    current_setting('statement_timeout') AS statement_timeout,
    current_setting('role') AS role,
    current_setting('TimeZone') AS time_zone,
    coalesce(current_setting('lifeguard.torture', true), '') AS own_setting,
    (SELECT count(*)::int FROM pg_listening_channels()) AS channels,
    (SELECT count(*)::int FROM pg_class WHERE relnamespace = pg_my_temp_schema()) AS temp_tables,
    (SELECT count(*)::int FROM pg_cursors WHERE is_holdable) AS cursors,
    (SELECT count(*)::int FROM pg_prepared_statements WHERE from_sql) AS prepared_statements`;

export const CLEAN_SESSION = {
  search_path: '"$user", public',
  read_only: 'off',
  statement_timeout: '0',
  role: 'none',
  time_zone: 'UTC',
  own_setting: '',
  channels: 0,
  temp_tables: 0,
  cursors: 0,
  prepared_statements: 0,
};

/** A statement of one connection has no neighbours on it. */
export async function expectCleanSession(client: Pick<pg.PoolClient, 'query'>): Promise<void> {
  expectRows(await client.query(SESSION_TEXT), [CLEAN_SESSION]);
}
