import pg from 'pg';
import { clientOf } from '../connection/address.ts';
import type { Session } from '../frame/session.ts';

const CONSOLE_MILLIS = 3_000;

export type ConsoleRow = Readonly<Record<string, unknown>>;

/** PgBouncer's console. */
export interface Console {
  /** The rows of `SHOW` and this. */
  show(what: string): Promise<readonly ConsoleRow[]>;
  close(): Promise<void>;
}

/** The same address and user, the console's database. As pg reads them: a URL may name a socket, too. */
export function consoleOf(config: pg.ClientConfig): pg.ClientConfig {
  const { host, port, user, password, ssl } = clientOf(config);
  return {
    host,
    port,
    database: 'pgbouncer',
    ...(user && { user }),
    ...(password && { password }),
    ...(ssl && { ssl }),
  };
}

/** Logs in with nothing that the console refuses; rejects as pg does. */
export async function openConsole(
  config: pg.ClientConfig,
  { cleanups }: Pick<Session, 'cleanups'>,
): Promise<Console> {
  const client = new pg.Client({
    connectionTimeoutMillis: CONSOLE_MILLIS,
    query_timeout: CONSOLE_MILLIS,
    ...config,
  });
  client.on('error', () => {});
  const close = () => client.end().catch(() => {});
  cleanups.add(close);
  try {
    await client.connect();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    // One at a time: the console takes no second command in a message.
    show: async (what) => (await client.query(`SHOW ${what}`)).rows,
    close,
  };
}
