import pg from 'pg';
import type { Session } from '../frame/session.ts';
import { addressOf } from './address.ts';
import { cancelRunning, dropSocket } from './cancel.ts';
import { connectionFailure } from './explain.ts';
import { listenForGreeting, type PoolerGreeting } from './greeting.ts';
import type { Target } from './target.ts';

/** How long a close may take before the socket is simply dropped. */
const CLOSE_MILLIS = 1_000;
/**
 * What PgBouncer 1.18 refuses at login: limits that we set for ourselves inside our transaction, and
 * settings that none of our statements needs.
 */
const STARTUP_LIMITS = [
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'options',
] as const;

export interface Connection {
  readonly client: pg.Client;
  /** The setting that something between us and the server refused at login; we went on without. */
  readonly refusedParameter: string | undefined;
  /** Of a pooler that says what it is. */
  readonly greeting: PoolerGreeting | undefined;
}

/**
 * Opens one connection to a command's database and has it closed at the end, with what runs on it
 * cancelled: a server would go on with it long after we are gone.
 *
 * @param name shown as application_name in pg_stat_activity.
 * @throws {UserError} exit code 3, with what the failure means and what to do.
 */
export async function connect(target: Target, name: string, session: Session): Promise<Connection> {
  try {
    return await openOn(target, name, session);
  } catch (error) {
    throw connectionFailure(
      error as Error,
      addressOf(configOf(target, '')),
      whereOf(target),
      session.width,
    );
  }
}

/** As connect(), with the error as it came. */
export async function openOn(target: Target, name: string, session: Session): Promise<Connection> {
  const config = configOf(target, name);
  try {
    return { ...(await open(config, session)), refusedParameter: undefined };
  } catch (error) {
    const refused = /unsupported startup parameter(?: in options)?: (\w+)/.exec(
      (error as Error).message,
    )?.[1];
    if (refused === undefined) throw error;
    return { ...(await open(withoutLimits(config), session)), refusedParameter: refused };
  }
}

/** `shop at db.example.com:5432 (DATABASE_URL)`. */
export function whereOf(target: Target): string {
  const { host, port, database } = addressOf(configOf(target, ''));
  const place = host.startsWith('/') ? host : `${host}:${port}`;
  return `${database} at ${place} (${target.origin})`;
}

/** What a client of the target is made of. */
export function configOf(
  { resolved: { pgConfig, options } }: Target,
  name: string,
): pg.ClientConfig {
  return {
    ...pgConfig,
    // Not enumerable, so that no log shows it.
    ...(pgConfig.password !== undefined && { password: pgConfig.password }),
    application_name: name,
    connectionTimeoutMillis: options.connectTimeoutMillis,
  };
}

function withoutLimits(config: pg.ClientConfig): pg.ClientConfig {
  const rest: Record<string, unknown> = { ...config };
  if (config.password !== undefined) rest.password = config.password;
  for (const name of STARTUP_LIMITS) delete rest[name];
  if (config.connectionString) {
    const url = new URL(config.connectionString);
    for (const name of STARTUP_LIMITS) url.searchParams.delete(name);
    rest.connectionString = url.href;
  }
  return rest;
}

async function open(
  config: pg.ClientConfig,
  { cleanups }: Session,
): Promise<Pick<Connection, 'client' | 'greeting'>> {
  const client = new pg.Client(config);
  // A connection that is lost is told by the statement that was under way.
  client.on('error', () => {});
  cleanups.add(() => close(client, config));
  const greeting = listenForGreeting(client);
  await client.connect();
  return { client, greeting: greeting() };
}

async function close(client: pg.Client, config: pg.ClientConfig): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, CLOSE_MILLIS);
  });
  await Promise.race([cancelRunning(client, config), late]);
  await Promise.race([client.end().catch(() => {}), late]);
  clearTimeout(timer);
  dropSocket(client);
}
