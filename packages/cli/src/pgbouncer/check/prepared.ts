import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Session } from '../../frame/session.ts';

/** The pooler may have no second connection to give. */
const PATIENCE_MILLIS = 3_000;
/** “prepared statement … does not exist”. */
const UNKNOWN_STATEMENT = '26000';

/**
 * Whether a statement that was prepared on one server connection is known on the next: what a pooler in transaction mode has to
 * see to. One client prepares it, another takes that connection, and the first asks again.
 *
 * @returns undefined where it could not be found out.
 */
export async function knowsPrepared(
  config: pg.ClientConfig,
  session: Session,
): Promise<boolean | undefined> {
  const clients = [new pg.Client(timed(config)), new pg.Client(timed(config))] as const;
  for (const client of clients) {
    client.on('error', () => {});
    session.cleanups.add(() => client.end().catch(() => {}));
  }
  const [asks, takes] = clients;
  const name = `lifeguard_${randomBytes(6).toString('hex')}`;
  const prepared = { name, text: 'SELECT 1' };
  try {
    await Promise.all(clients.map((client) => client.connect()));
    await asks.query(prepared);
    // PgBouncer lends what was given back last: the one on which it was prepared.
    await takes.query('BEGIN READ ONLY');
    await asks.query(prepared);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === UNKNOWN_STATEMENT ? false : undefined;
  } finally {
    await takes.query(`DEALLOCATE ${name}`).catch(() => {});
    await takes.query('ROLLBACK').catch(() => {});
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
  }
}

function timed(config: pg.ClientConfig): pg.ClientConfig {
  const timedOut: pg.ClientConfig = { ...config, query_timeout: PATIENCE_MILLIS };
  if (config.password !== undefined) timedOut.password = config.password;
  return timedOut;
}
