import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { chown, copyFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { type DebianProgram, findProgram, INSTALL_LIMIT_MILLIS } from '../debian/find-program.ts';
import { findFreePort } from '../net/free-port.ts';
import { chooseRunAs, type RunAs } from '../postgres/run-as.ts';
import { findTempFolder } from '../postgres/temp-folder.ts';
import { KeptProgram } from '../process/kept-program.ts';
import {
  canKeepPrepared,
  keepsPreparedByItself,
  type PgBouncerOptions,
  type PgBouncerUser,
  type PgBouncerVersion,
  pgbouncerIni,
  userlist,
} from './settings.ts';

const PGBOUNCER: DebianProgram = {
  program: '/usr/sbin/pgbouncer',
  variable: 'PGBOUNCER_PATH',
  package: 'pgbouncer',
  elsewhere: 'brew install pgbouncer, or any PgBouncer, its path in PGBOUNCER_PATH',
};
const START_LIMIT_MILLIS = 20_000;
/** What startPgBouncer() may take where it has to be installed first: for the hook that calls it. */
export const PGBOUNCER_LIMIT_MILLIS = INSTALL_LIMIT_MILLIS + START_LIMIT_MILLIS;
/** How often another port is tried when somebody took ours in between. */
const MAX_PORT_ATTEMPTS = 8;

/**
 * Starts an own PgBouncer on a free port of 127.0.0.1. It ends with this process at the latest. Debian's
 * package is installed first where it is missing and we are root.
 *
 * @throws when there is none and none can be installed, or it does not start (with its log).
 */
export async function startPgBouncer(options: PgBouncerOptions): Promise<PgBouncer> {
  const [program, runAs] = await Promise.all([findProgram(PGBOUNCER), chooseRunAs()]);
  const [tempFolder, version] = await Promise.all([findTempFolder(runAs), versionOf(program)]);
  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort();
    const folder = mkdtempSync(join(tempFolder, 'lifeguard-pgbouncer-'));
    const file = await configure(folder, port, version, options, runAs);
    const running = new KeptProgram({ folder, program, args: [file], runAs });
    const { keepsPrepared = keepsPreparedByItself(version), target } = options;
    const bouncer = new PgBouncer(running, port, target, version, keepsPrepared);
    if (await running.becomesReady(() => bouncer.answers(), START_LIMIT_MILLIS)) return bouncer;
    await bouncer.stop();
    if (attempt === MAX_PORT_ATTEMPTS || !/address already in use/i.test(running.log)) {
      throw new Error(`PgBouncer did not start. The end of its log:\n${running.log}`);
    }
  }
}

/**
 * Starts a PgBouncer from files that somebody else has written: `pgbouncer.ini`, whose `auth_file` is `userlist.txt` and
 * whose `listen_port` is `port`, and that one beside it. It works on copies.
 *
 * @throws when it does not start (with its log).
 */
export async function startWrittenPgBouncer({
  folder: written,
  port,
  admin,
}: {
  readonly folder: string;
  readonly port: number;
  /** Who may ask its console. */
  readonly admin: PgBouncerUser;
}): Promise<PgBouncer> {
  const [program, runAs] = await Promise.all([findProgram(PGBOUNCER), chooseRunAs()]);
  const folder = mkdtempSync(join(await findTempFolder(runAs), 'lifeguard-pgbouncer-'));
  const files = ['pgbouncer.ini', 'userlist.txt'].map((name) => join(folder, name));
  for (const file of files) await copyFile(join(written, basename(file)), file);
  if (runAs) for (const path of [folder, ...files]) await chown(path, runAs.uid, runAs.gid);
  const running = new KeptProgram({
    folder,
    program,
    args: ['pgbouncer.ini'],
    runAs,
    inFolder: true,
  });
  const version = await versionOf(program);
  const bouncer = new PgBouncer(running, port, admin, version, keepsPreparedByItself(version));
  if (await running.becomesReady(() => bouncer.answers(), START_LIMIT_MILLIS)) return bouncer;
  await bouncer.stop();
  throw new Error(`PgBouncer did not start. The end of its log:\n${running.log}`);
}

async function versionOf(program: string): Promise<PgBouncerVersion> {
  const { stdout } = await promisify(execFile)(program, ['--version']);
  const [, major, minor] = /PgBouncer (\d+)\.(\d+)/.exec(stdout) ?? [];
  if (major === undefined)
    throw new Error(`${program} does not say that it is PgBouncer: ${stdout}`);
  return [Number(major), Number(minor)];
}

async function configure(
  folder: string,
  port: number,
  version: PgBouncerVersion,
  options: PgBouncerOptions,
  runAs: RunAs | undefined,
): Promise<string> {
  const { target, users = [] } = options;
  const file = join(folder, 'pgbouncer.ini');
  const userFile = join(folder, 'userlist.txt');
  await writeFile(userFile, userlist([target, ...users]), { mode: 0o600 });
  await writeFile(file, pgbouncerIni({ ...options, port, userFile, version }), { mode: 0o600 });
  if (runAs) {
    for (const path of [folder, file, userFile]) await chown(path, runAs.uid, runAs.gid);
  }
  return file;
}

/** A PgBouncer of a test. */
export class PgBouncer {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly version: PgBouncerVersion;
  /** What is prepared in one transaction is known in the next. */
  readonly keepsPrepared: boolean;
  readonly #running: KeptProgram;
  readonly #admin: PgBouncerUser;
  #stopping: Promise<void> | undefined;

  /** Use startPgBouncer(). */
  constructor(
    running: KeptProgram,
    port: number,
    admin: PgBouncerUser,
    version: PgBouncerVersion,
    keepsPrepared: boolean,
  ) {
    this.#running = running;
    this.port = port;
    this.#admin = admin;
    this.version = version;
    this.keepsPrepared = keepsPrepared && canKeepPrepared(version);
  }

  /** What it has written so far, or the end of it. */
  get log(): string {
    return this.#running.log;
  }

  /** The same database through PgBouncer. */
  url(serverUrl: string, params: Readonly<Record<string, string | number>> = {}): string {
    const url = new URL(serverUrl);
    url.host = `${this.host}:${this.port}`;
    for (const [name, value] of Object.entries(params)) url.searchParams.set(name, String(value));
    return url.href;
  }

  /** The console, for its administrator. */
  get consoleUrl(): string {
    const { user, password } = this.#admin;
    return `postgresql://${user}:${password}@${this.host}:${this.port}/pgbouncer`;
  }

  /** Asks the console: `SHOW POOLS`. */
  async show(command: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.consoleUrl });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(command)).rows;
    } finally {
      await client.end();
    }
  }

  async answers(): Promise<boolean> {
    return this.show('SHOW VERSION').then(
      () => true,
      () => false,
    );
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#running.kill();
    return this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
