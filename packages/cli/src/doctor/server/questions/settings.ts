import type { Ask } from '../ask.ts';
import type { Settings } from '../facts.ts';

/** reset_val is what a session of this user begins with; the limits of our own transaction are not in it. */
const SQL = `
SELECT name, reset_val AS value
  FROM pg_settings
 WHERE name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections',
                'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout',
                'transaction_timeout', 'autovacuum', 'shared_preload_libraries')`;

export async function askSettings(ask: Ask): Promise<Settings> {
  const rows = await ask(SQL);
  const values = new Map(rows.map(({ name, value }) => [String(name), String(value ?? '')]));
  const number = (name: string) => Number(values.get(name) ?? 0);
  return {
    maxConnections: number('max_connections'),
    superuserReserved: number('superuser_reserved_connections'),
    reserved: number('reserved_connections'),
    statementTimeout: number('statement_timeout'),
    lockTimeout: number('lock_timeout'),
    idleInTransactionTimeout: number('idle_in_transaction_session_timeout'),
    transactionTimeout: values.has('transaction_timeout') ? number('transaction_timeout') : null,
    autovacuum: values.get('autovacuum') === 'on',
    preloadLibraries: values.get('shared_preload_libraries') ?? null,
  };
}
