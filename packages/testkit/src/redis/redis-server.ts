import { mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DebianProgram, findProgram, INSTALL_LIMIT_MILLIS } from '../debian/find-program.ts';
import { findFreePort } from '../net/free-port.ts';
import { KeptProgram } from '../process/kept-program.ts';

const REDIS: DebianProgram = {
  program: 'redis-server',
  package: 'redis-server',
  elsewhere: 'brew install redis',
};
const START_LIMIT_MILLIS = 20_000;
/** What startRedis() may take where Redis has to be installed first: for the hook that calls it. */
export const REDIS_LIMIT_MILLIS = INSTALL_LIMIT_MILLIS + START_LIMIT_MILLIS;
const ANSWER_LIMIT_MILLIS = 1_000;
/** How often another port is tried when somebody took ours in between. */
const MAX_PORT_ATTEMPTS = 8;

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
  const program = await findProgram(REDIS);
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
  #running: KeptProgram | undefined;
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
    return this.#running?.pid;
  }

  /** Kills the server: connections are cut, connects refused, all data gone. */
  async halt(): Promise<void> {
    await this.#running?.kill();
    this.#running = undefined;
  }

  /** Starts a halted server on the same port, empty. */
  async resume(): Promise<void> {
    if (this.#running) return;
    const fixedPort = this.#port;
    for (let attempt = 1; ; attempt++) {
      this.#port = fixedPort || (await findFreePort());
      const running = this.#spawn(mkdtempSync(join(tmpdir(), 'lifeguard-redis-')));
      this.#running = running;
      if (await running.becomesReady(() => answers(this.#port), START_LIMIT_MILLIS)) return;
      await this.halt();
      if (attempt === MAX_PORT_ATTEMPTS || !/address already in use/i.test(running.log)) {
        throw new Error(`Redis did not start. The end of its log:\n${running.log}`);
      }
    }
  }

  /** Stops the process where it stands: connections stay open, and nothing answers. */
  freeze(): void {
    if (this.pid !== undefined) process.kill(this.pid, 'SIGSTOP');
  }

  /** Lets a frozen server go on. */
  thaw(): void {
    if (this.pid !== undefined) process.kill(this.pid, 'SIGCONT');
  }

  /** Stops the server for good. */
  async stop(): Promise<void> {
    await this.halt();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #spawn(folder: string): KeptProgram {
    const settings = { bind: this.host, save: '', appendonly: 'no', ...this.#settings };
    const all = { ...settings, port: this.#port, dir: folder };
    const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
    return new KeptProgram({ folder, program: this.#program, args });
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
