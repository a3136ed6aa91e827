import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '../net/free-port.ts';
import { childEnvironment } from '../process/child-file.ts';
import { findRedis, INSTALL_LIMIT_MILLIS } from './find-redis.ts';

const START_LIMIT_MILLIS = 20_000;
/** What startRedis() may take where Redis has to be installed first: for the hook that calls it. */
export const REDIS_LIMIT_MILLIS = INSTALL_LIMIT_MILLIS + START_LIMIT_MILLIS;
const READY_POLL_MILLIS = 10;
const ANSWER_LIMIT_MILLIS = 1_000;
/** How often another port is tried when somebody took ours in between. */
const MAX_PORT_ATTEMPTS = 8;
const MAX_LOG = 4_000;

/**
 * Runs the server in a folder and waits for the end of its own input, which comes when the test's process
 * ends, however it ends: then it kills the server and removes the folder.
 */
const KEEPER =
  'folder=$1; shift; "$@" & server=$!; echo "$server"; read -r _; kill -9 "$server"; wait; rm -rf "$folder"';

export interface RedisOptions {
  /** Settings as in redis.conf, over the defaults: loopback only, nothing saved. */
  settings?: Record<string, string | number>;
}

/**
 * Starts an own Redis on a free port of 127.0.0.1, with nothing on disk. It ends with this process at the
 * latest. Debian's package is installed first where it is missing and we are root.
 *
 * @throws when there is no Redis and none can be installed, or it does not start (with its log).
 */
export async function startRedis({ settings = {} }: RedisOptions = {}): Promise<RedisServer> {
  const program = await findRedis();
  const server = new RedisServer(program, settings);
  try {
    await server.resume();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A Redis server of a test. */
export class RedisServer {
  readonly host = '127.0.0.1';
  readonly #program: string;
  readonly #settings: Record<string, string | number>;
  #keeper: ChildProcess | undefined;
  #pid: number | undefined;
  #port = 0;

  /** Use startRedis(). */
  constructor(program: string, settings: Record<string, string | number>) {
    this.#program = program;
    this.#settings = settings;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `redis://${this.host}:${this.#port}`;
  }

  /** The server's process, undefined while it is halted. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** Kills the server: connections are cut, connects refused, all data gone. */
  async halt(): Promise<void> {
    const keeper = this.#keeper;
    if (!keeper) return;
    const gone = once(keeper, 'close');
    keeper.stdin?.end();
    await gone;
    this.#keeper = undefined;
    this.#pid = undefined;
  }

  /** Starts a halted server on the same port, empty. */
  async resume(): Promise<void> {
    if (this.#keeper) return;
    const fixedPort = this.#port;
    for (let attempt = 1; ; attempt++) {
      this.#port = fixedPort || (await findFreePort());
      const log = this.#spawn(mkdtempSync(join(tmpdir(), 'lifeguard-redis-')));
      if (await this.#isReady()) return;
      await this.halt();
      if (attempt === MAX_PORT_ATTEMPTS || !/address already in use/i.test(log.text)) {
        throw new Error(`Redis did not start. The end of its log:\n${log.text}`);
      }
    }
  }

  /** Stops the process where it stands: connections stay open, and nothing answers. */
  freeze(): void {
    if (this.#pid !== undefined) process.kill(this.#pid, 'SIGSTOP');
  }

  /** Lets a frozen server go on. */
  thaw(): void {
    if (this.#pid !== undefined) process.kill(this.#pid, 'SIGCONT');
  }

  /** Stops the server for good. */
  async stop(): Promise<void> {
    await this.halt();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #spawn(folder: string): { readonly text: string } {
    const settings = { bind: this.host, save: '', appendonly: 'no', ...this.#settings };
    const all = { ...settings, port: this.#port, dir: folder };
    const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const keeper = spawn('sh', ['-c', KEEPER, 'sh', folder, this.#program, ...args], {
      // A process group of its own: Ctrl-C in the terminal must not reach the server before the test.
      detached: true,
      env: childEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const log = { text: '' };
    keeper.stdout.setEncoding('utf8').on('data', (piece: string) => {
      this.#pid ??= Number.parseInt(piece, 10) || undefined;
      log.text = (log.text + piece).slice(-MAX_LOG);
    });
    keeper.stderr.setEncoding('utf8').on('data', (piece: string) => {
      log.text = (log.text + piece).slice(-MAX_LOG);
    });
    keeper.on('error', (error) => {
      log.text += error.message;
    });
    // A pipe to a keeper that has ended is no failure of the test.
    keeper.stdin.on('error', () => {});
    this.#keeper = keeper;
    keeper.unref();
    for (const pipe of [keeper.stdin, keeper.stdout, keeper.stderr]) {
      (pipe as unknown as { unref?(): void }).unref?.();
    }
    return log;
  }

  async #isReady(): Promise<boolean> {
    const givesUpAt = Date.now() + START_LIMIT_MILLIS;
    while (Date.now() < givesUpAt) {
      if (this.#pid !== undefined && !isAlive(this.#pid)) return false;
      if (this.#pid !== undefined && (await answers(this.#port))) return true;
      await delay(READY_POLL_MILLIS);
    }
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether a Redis answers PING there. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const settle = (isUp: boolean) => {
      socket.destroy();
      resolve(isUp);
    };
    socket.setTimeout(ANSWER_LIMIT_MILLIS, () => settle(false));
    socket.once('data', (bytes) => settle(bytes.toString().startsWith('+PONG')));
    socket.once('error', () => settle(false));
    socket.once('close', () => resolve(false));
  });
}
