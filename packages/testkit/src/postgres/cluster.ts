import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { chown, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '../net/free-port.ts';
import { LogTail } from './log-tail.ts';
import type { ClusterOptions, StopMode } from './messages.ts';

const START_LIMIT_MILLIS = 60_000;
const READY_POLL_MILLIS = 10;
/** How often a port is tried again that somebody took in between. */
const MAX_PORT_ATTEMPTS = 8;
const PORT_RETRY_MILLIS = 250;
/** A fast stop waits for sessions to end; one that takes longer is stuck. */
const FAST_STOP_LIMIT_MILLIS = 10_000;

const DEFAULT_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
};

/** One PostgreSQL data directory and the server on it, as the keeper holds them. */
export class Cluster {
  readonly folder: string;
  readonly dataDir: string;
  readonly #options: ClusterOptions;
  readonly #onLog: (line: string) => void;
  /** initdb or the server: whatever uses the data directory now. */
  #program: ChildProcess | undefined;
  #isRemoved = false;
  port = 0;

  private constructor(options: ClusterOptions, folder: string, onLog: (line: string) => void) {
    this.#options = options;
    this.#onLog = onLog;
    this.folder = folder;
    this.dataDir = join(folder, 'data');
  }

  /** Makes the folder; nothing runs yet. Synchronous, so that no interruption can leave one unknown. */
  static inNewFolder(options: ClusterOptions, onLog: (line: string) => void): Cluster {
    const folder = mkdtempSync(join(options.tempFolder, 'lifeguard-postgres-'));
    return new Cluster(options, folder, onLog);
  }

  /** Fills the data directory. */
  async initialise(): Promise<void> {
    const { runAs, standbyOf } = this.#options;
    if (runAs) await chown(this.folder, runAs.uid, runAs.gid);
    await (standbyOf === undefined ? this.#makeNew() : this.#copy(standbyOf));
  }

  async #makeNew(): Promise<void> {
    const { runAs, user, password } = this.#options;
    const passwordFile = join(this.folder, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (runAs) await chown(passwordFile, runAs.uid, runAs.gid);
    await this.#run('initdb', [
      ...['--pgdata', this.dataDir, '--username', user, '--pwfile', passwordFile],
      ...['--auth', 'scram-sha-256', '--locale', 'C', '--encoding', 'UTF8', '--no-sync'],
    ]);
    await rm(passwordFile);
  }

  async #copy(primary: string): Promise<void> {
    await this.#run('pg_basebackup', [
      ...['--dbname', primary, '--pgdata', this.dataDir, '--write-recovery-conf'],
      ...['--wal-method', 'stream', '--checkpoint', 'fast', '--no-sync'],
    ]);
  }

  async #run(program: string, args: string[]): Promise<void> {
    const log = new LogTail(() => {});
    const ending = await ended(this.#spawn(program, log, args));
    if (ending !== 'exit code 0') throw new Error(`${program} failed (${ending}):\n${log}`);
  }

  /** Starts the server, on the port it had before or else on a free one. */
  async start(): Promise<number> {
    const fixedPort = this.port;
    for (let attempt = 1; ; attempt++) {
      const port = fixedPort || (await findFreePort());
      const log = new LogTail(this.#onLog);
      const server = this.#spawn('postgres', log, this.#serverArguments(port));
      if (await this.#isReady(server, log)) {
        this.port = port;
        return server.pid as number;
      }
      const isPortTaken = /could not bind .*Address already in use/.test(String(log));
      if (!isPortTaken || attempt === MAX_PORT_ATTEMPTS) {
        throw new Error(`PostgreSQL did not start. The end of its log:\n${log}`);
      }
      if (fixedPort) await delay(PORT_RETRY_MILLIS);
    }
  }

  /** Stops the server and keeps its data. */
  async halt(mode: StopMode): Promise<void> {
    const program = this.#program;
    if (!program) return;
    const gone = ended(program);
    // The signals of PostgreSQL's fast and immediate shutdown.
    program.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    const stuck = setTimeout(() => program.kill('SIGQUIT'), FAST_STOP_LIMIT_MILLIS);
    await gone;
    clearTimeout(stuck);
  }

  /** Stops the server and removes all that it wrote. */
  async remove(mode: StopMode): Promise<void> {
    this.#isRemoved = true;
    await this.halt(mode);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #serverArguments(port: number): string[] {
    const settings = { ...DEFAULT_SETTINGS, ...this.#options.settings, port };
    const pairs = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    return ['-D', this.dataDir, ...pairs.flatMap((pair) => ['-c', pair])];
  }

  #spawn(name: string, log: LogTail, args: string[]): ChildProcess {
    if (this.#isRemoved) throw new Error('The server was removed while it was being started');
    const { runAs, nativeDir } = this.#options;
    const program = spawn(join(nativeDir, 'bin', name), args, {
      // The folder that we were started in may be closed to the server's user.
      cwd: this.folder,
      env: serverEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(runAs && { uid: runAs.uid, gid: runAs.gid }),
    });
    program.stdout?.setEncoding('utf8').on('data', (piece: string) => log.add(piece));
    program.stderr?.setEncoding('utf8').on('data', (piece: string) => log.add(piece));
    program.once('error', (error) => log.add(`${error.message}\n`));
    this.#program = program;
    void ended(program).then(() => {
      if (this.#program === program) this.#program = undefined;
    });
    return program;
  }

  /** Waits until the server writes that it is ready, as pg_ctl does; false when it ended instead. */
  async #isReady(server: ChildProcess, log: LogTail): Promise<boolean> {
    const statusFile = join(this.dataDir, 'postmaster.pid');
    const givesUpAt = Date.now() + START_LIMIT_MILLIS;
    while (this.#program === server) {
      const lines = (await readFile(statusFile, 'utf8').catch(() => '')).split('\n');
      if (Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready') return true;
      if (Date.now() > givesUpAt) {
        log.add(`not ready after ${START_LIMIT_MILLIS / 1000} s\n`);
        await this.halt('immediate');
        return false;
      }
      await delay(READY_POLL_MILLIS);
    }
    return false;
  }
}

/** Without the caller's PG* variables; in English, because we read the log. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(ours), LC_ALL: 'C', TZ: 'UTC' };
}

/** Resolves when the program has ended and its output is read, with how it ended. */
async function ended(program: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(program, 'close');
    return signal ? `signal ${signal}` : `exit code ${code}`;
  } catch (error) {
    return `could not be run: ${error instanceof Error ? error.message : error}`;
  }
}
