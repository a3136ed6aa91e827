import pg, { type ClientConfig } from 'pg';
import type { Row, ServerQuery } from './queries/query.ts';

/** How others see it in `pg_stat_activity`; never counted as one of the application's. */
export const APPLICATION_NAME = 'lifeguard-monitor';
const CONNECT_MILLIS = 5_000;
/** A look that the server can't answer in this time is one too much for it now. */
const STATEMENT_MILLIS = 2_000;
const LOCK_MILLIS = 200;
/** Something between us swallows the answers. */
const SILENCE_MILLIS = 5_000;

/** A pool whose server is to be looked at: its own options say how to connect. */
export interface PoolOfServer {
  readonly options: object;
  readonly Client?: unknown;
}

type ClientClass = new (config: ClientConfig) => pg.Client;

/** Two pools with the same of this look at the same server, with the same eyes. Opens nothing. */
export function serverKeyOf(source: PoolOfServer): string {
  const { host, port, database, user } = new pg.Client(configOf(source.options as ClientConfig));
  return JSON.stringify([host, port, database, user]);
}

/** One connection of the monitor's own, opened when it is needed and kept. */
export class ServerConnection {
  readonly #create: () => pg.Client;
  #client: Promise<pg.Client> | undefined;

  constructor(source: PoolOfServer | ClientConfig) {
    const isPool = 'options' in source && typeof source.options === 'object';
    const given = (isPool ? source.options : source) as ClientConfig;
    const Client = ((isPool && (source as PoolOfServer).Client) || pg.Client) as ClientClass;
    // Read anew each time: programs put a fresh password there.
    this.#create = () => new Client(configOf(given));
  }

  /**
   * The query's answer. It runs in a transaction of its own that changes nothing, whose limits hold behind
   * a pooler as well and stay with nobody.
   */
  async ask<T>(query: ServerQuery<T>): Promise<T> {
    const client = await this.#connected();
    const text = [
      'BEGIN READ ONLY',
      `SET LOCAL statement_timeout = ${STATEMENT_MILLIS}`,
      `SET LOCAL lock_timeout = ${LOCK_MILLIS}`,
      query.sql,
      'COMMIT',
    ].join(';\n');
    try {
      // Several statements in one: one round trip, and one result for each.
      const results = (await client.query(text)) as unknown as readonly { rows: Row[] }[];
      return query.parse(results.at(-2)?.rows ?? []);
    } catch (error) {
      if (isOfTheServer(error)) await client.query('ROLLBACK').catch(() => this.close());
      else this.close();
      throw error;
    }
  }

  close(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.then(hangUp, () => {});
  }

  #connected(): Promise<pg.Client> {
    if (this.#client) return this.#client;
    const opened: Promise<pg.Client> = open(this.#create(), () => {
      if (this.#client === opened) this.#client = undefined;
    });
    this.#client = opened;
    return opened;
  }
}

/** `lost` is called when the connection is gone, or never came to be. */
async function open(client: pg.Client, lost: () => void): Promise<pg.Client> {
  client.on('error', lost);
  client.on('end', lost);
  try {
    await client.connect();
  } catch (error) {
    lost();
    hangUp(client);
    throw error;
  }
  (client as { unref?(): void }).unref?.();
  return client;
}

/** The server has said no, and the session is still there. */
export function isOfTheServer(error: unknown): boolean {
  const { severity, code } = error as { severity?: unknown; code?: unknown };
  return severity === 'ERROR' && typeof code === 'string';
}

/** A goodbye that a dead network swallows keeps nobody waiting. */
function hangUp(client: pg.Client): void {
  client.on('error', () => {});
  client.end().catch(() => {});
  const { connection } = client as unknown as { connection?: { stream?: { unref?(): void } } };
  connection?.stream?.unref?.();
}

function configOf(given: ClientConfig): ClientConfig {
  const { connectionString } = given;
  return {
    ...given,
    // Not enumerable in a pool's options.
    ...(given.password !== undefined && { password: given.password }),
    ...(connectionString !== undefined && { connectionString: withoutName(connectionString) }),
    application_name: APPLICATION_NAME,
    connectionTimeoutMillis: CONNECT_MILLIS,
    query_timeout: SILENCE_MILLIS,
    keepAlive: true,
    // Behind a pooler these would refuse the connection; each look sets its own.
    statement_timeout: undefined,
    lock_timeout: undefined,
    idle_in_transaction_session_timeout: undefined,
  };
}

/** What stands in the URL would win over the configuration, and count as one of the application's. */
function withoutName(url: string): string {
  return url.replace(/([?&])application_name=[^&#]*/g, '$1').replace(/([?&])&+/g, '$1');
}
