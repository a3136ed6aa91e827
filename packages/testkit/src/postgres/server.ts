import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { findDebianPostgres } from './debian-postgres.ts';
import { KeeperClient } from './keeper-client.ts';
import type { ClusterOptions, KeeperReply, StopMode } from './messages.ts';
import { findNativePackage } from './native-package.ts';
import { chooseRunAs } from './run-as.ts';
import { makeRunnable } from './runnable-binaries.ts';
import { findTempFolder } from './temp-folder.ts';

export interface PostgresOptions {
  /** 18 (default) comes with npm; 15 is Debian 12's, installed by apt where it is missing and we are root. */
  version?: 15 | 18;
  /** Server settings as in postgresql.conf, over the defaults (`fsync=off`, loopback only). */
  settings?: Record<string, string | number>;
  /** The database to create and connect to; default `postgres`, which always exists. */
  database?: string;
  /** Receives the server's log, line by line. */
  onLog?: (line: string) => void;
}

export interface StandbyOptions extends Pick<PostgresOptions, 'onLog'> {
  /** As the primary's `pg_stat_replication` names it; default `standby`. */
  name?: string;
  /** Over the primary's own. */
  settings?: Record<string, string | number>;
}

const USER = 'postgres';

/**
 * Starts an own PostgreSQL on a free port of 127.0.0.1, with an empty data directory that is removed
 * with it; also when this process crashes or is killed.
 *
 * @throws when there are no binaries for this machine, they can't be run here, or the server does not
 * start (with the end of its log).
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const { version = 18, settings = {}, database = 'postgres', onLog = () => {} } = options;
  const runAs = await chooseRunAs();
  const tempFolder = await findTempFolder(runAs);
  const nativeDir = await (version === 18
    ? findNativePackage().then((native) => makeRunnable(native, runAs, tempFolder))
    : findDebianPostgres(version));
  const password = randomBytes(16).toString('hex');
  const cluster = { nativeDir, tempFolder, runAs, user: USER, password, settings };
  const server = await start(cluster, database, onLog);
  try {
    if (database !== 'postgres') await server.createDatabase(database);
  } catch (error) {
    await server.stop('immediate');
    throw error;
  }
  return server;
}

async function start(
  options: ClusterOptions,
  database: string,
  onLog: (line: string) => void,
): Promise<PostgresServer> {
  const keeper = new KeeperClient(onLog);
  try {
    const reply = await keeper.ask({ kind: 'create', options });
    return new PostgresServer(keeper, reply, options, database);
  } catch (error) {
    await keeper.close();
    throw error;
  }
}

/** A PostgreSQL server of a test. */
export class PostgresServer {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly user = USER;
  readonly password: string;
  readonly database: string;
  readonly dataDir: string;
  readonly #keeper: KeeperClient;
  readonly #options: ClusterOptions;
  #pid: number | undefined;
  #stopping: Promise<void> | undefined;

  /** Use startPostgres(). */
  constructor(keeper: KeeperClient, reply: KeeperReply, options: ClusterOptions, database: string) {
    const { port, pid, dataDir } = asRunning(reply);
    this.#keeper = keeper;
    this.port = port;
    this.#pid = pid;
    this.dataDir = dataDir;
    this.#options = options;
    this.password = options.password;
    this.database = database;
  }

  /** The server's process, undefined while it is halted; another one after each resume. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** The process that stops the server when this one ends. */
  get keeperPid(): number | undefined {
    return this.#keeper.pid;
  }

  /**
   * The connection string of a database.
   *
   * @param params query parameters, for example `{ application_name: 'test' }`.
   * @param database default the server's own.
   */
  url(params: Record<string, string | number> = {}, database = this.database): string {
    const url = new URL(`postgresql://${this.host}:${this.port}/${encodeURIComponent(database)}`);
    url.username = this.user;
    url.password = this.password;
    for (const [name, value] of Object.entries(params)) url.searchParams.set(name, String(value));
    return url.href;
  }

  /** Creates an empty database; returns its connection string. */
  async createDatabase(name: string): Promise<string> {
    const client = new pg.Client({ connectionString: this.url({}, 'postgres') });
    await client.connect();
    try {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    } finally {
      await client.end();
    }
    return this.url({}, name);
  }

  /**
   * Starts a streaming standby of this server, with the same users and databases; it is stopped on its own.
   *
   * @throws where the server's programs are without pg_basebackup, as those of npm are: take version 15.
   */
  startStandby({
    name = 'standby',
    settings = {},
    onLog = () => {},
  }: StandbyOptions = {}): Promise<PostgresServer> {
    const options: ClusterOptions = {
      ...this.#options,
      settings: { ...this.#options.settings, ...settings },
      standbyOf: this.url({ application_name: name }, 'postgres'),
    };
    return start(options, this.database, onLog);
  }

  /** Stops the server and keeps its data; connects are refused until resume(). */
  async halt(mode: StopMode = 'fast'): Promise<void> {
    await this.#keeper.ask({ kind: 'halt', mode });
    this.#pid = undefined;
  }

  /** Starts a halted or crashed server on the same port, with the same data and settings. */
  async resume(): Promise<void> {
    if (this.#pid !== undefined) await this.halt();
    this.#pid = asRunning(await this.#keeper.ask({ kind: 'resume' })).pid;
  }

  /** halt() and resume(). */
  async restart(mode: StopMode = 'fast'): Promise<void> {
    await this.halt(mode);
    await this.resume();
  }

  /** Stops the server for good and removes its data. */
  stop(mode: StopMode = 'fast'): Promise<void> {
    this.#stopping ??= this.#stop(mode);
    return this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(mode: StopMode): Promise<void> {
    await this.#keeper.ask({ kind: 'remove', mode }).finally(() => this.#keeper.close());
    this.#pid = undefined;
  }
}

function asRunning(reply: KeeperReply): Extract<KeeperReply, { kind: 'running' }> {
  if (reply.kind !== 'running') throw new Error(`The keeper answered ${reply.kind}`);
  return reply;
}
