import pg from 'pg';
import type { Session } from '../frame/session.ts';

const CONSOLE_MILLIS = 3_000;

export type ConsoleRow = Readonly<Record<string, unknown>>;

/** PgBouncer's console. */
export interface Console {
  /** The rows of `SHOW` and this. */
  show(what: string): Promise<readonly ConsoleRow[]>;
  close(): Promise<void>;
}

/** The same address and user, the console's database. */
export function consoleOf(config: pg.ClientConfig): pg.ClientConfig {
  if (!config.connectionString) return { ...config, database: 'pgbouncer' };
  const url = new URL(config.connectionString);
  url.pathname = '/pgbouncer';
  url.search = '';
  return { ...config, connectionString: url.href };
}

/** Logs in with nothing that the console refuses; rejects as pg does. */
export async function openConsole(
  config: pg.ClientConfig,
  { cleanups }: Pick<Session, 'cleanups'>,
): Promise<Console> {
  const client = new pg.Client({
    connectionTimeoutMillis: CONSOLE_MILLIS,
    query_timeout: CONSOLE_MILLIS,
    ...(config.connectionString
      ? { connectionString: config.connectionString }
      : { host: config.host, port: config.port, user: config.user, database: config.database }),
    ...(config.password !== undefined && { password: config.password }),
    ...(config.ssl !== undefined && { ssl: config.ssl }),
  } as pg.ClientConfig);
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
