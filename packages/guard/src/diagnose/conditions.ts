/**
 * SQLSTATEs by the names that PostgreSQL's documentation gives them. Drivers of other languages name their errors
 * so: `asyncpg.exceptions.TooManyConnectionsError`, `PG::TRDeadlockDetected`, `code: :admin_shutdown`.
 */
const CONDITIONS: Readonly<Record<string, string>> = {
  too_many_connections: '53300',
  connection_does_not_exist: '08003',
  connection_failure: '08006',
  invalid_authorization_specification: '28000',
  invalid_password: '28P01',
  invalid_catalog_name: '3D000',
  admin_shutdown: '57P01',
  crash_shutdown: '57P02',
  cannot_connect_now: '57P03',
  database_dropped: '57P04',
  idle_session_timeout: '57P05',
  query_canceled: '57014',
  lock_not_available: '55P03',
  serialization_failure: '40001',
  deadlock_detected: '40P01',
  read_only_sql_transaction: '25006',
  in_failed_sql_transaction: '25P02',
  idle_in_transaction_session_timeout: '25P03',
  transaction_timeout: '25P04',
  duplicate_prepared_statement: '42P05',
  invalid_sql_statement_name: '26000',
  integrity_constraint_violation: '23000',
  restrict_violation: '23001',
  not_null_violation: '23502',
  foreign_key_violation: '23503',
  unique_violation: '23505',
  check_violation: '23514',
  exclusion_violation: '23P01',
};

const BY_LETTERS = new Map(
  Object.entries(CONDITIONS).map(([name, code]) => [name.replaceAll('_', ''), code]),
);

const NAMED =
  /\b(?:psycopg[23]?\.errors\.|asyncpg\.exceptions\.(?:_base\.)?|PG::(?:TR)?|code: :|(?:FATAL|ERROR) \w{5} \()([A-Za-z_]{10,40})/g;

/** The SQLSTATEs that a text names by their condition. */
export function conditionsIn(text: string): string[] {
  return [...text.matchAll(NAMED)].flatMap(
    ([, name = '']) =>
      BY_LETTERS.get(
        name
          .replaceAll('_', '')
          .replace(/Error$/, '')
          .toLowerCase(),
      ) ?? [],
  );
}
