import { type ChildProcess, fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { childEnvironment, compiledFile } from '../process/child-file.ts';
import type { KeeperEvent, KeeperReply, KeeperRequest } from './messages.ts';

const KEEPER_FILE = compiledFile(import.meta.url, './keeper.js');
const MAX_ERROR_OUTPUT = 4_000;

type Running = Extract<KeeperReply, { kind: 'running' }>;

interface Pending {
  readonly resolve: (reply: KeeperReply) => void;
  readonly reject: (error: Error) => void;
}

/** The test's end of the channel to a keeper process; requests are answered in order. */
export class KeeperClient {
  readonly #process: ChildProcess;
  readonly #onLog: (line: string) => void;
  readonly #pending: Pending[] = [];
  readonly #gone: Promise<void>;
  #errorOutput = '';
  #folder: string | undefined;
  #running: Running | undefined;

  constructor(onLog: (line: string) => void, keeperFile = KEEPER_FILE) {
    this.#onLog = onLog;
    this.#process = fork(keeperFile, [], {
      // A process group of its own: Ctrl-C in the terminal must not reach the server before the test.
      detached: true,
      // Loaders, inspectors and coverage of the test are not for the keeper.
      execArgv: [],
      env: childEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (piece: string) => {
      this.#errorOutput = (this.#errorOutput + piece).slice(-MAX_ERROR_OUTPUT);
    });
    this.#process.on('message', (message: KeeperReply | KeeperEvent) => this.#receive(message));
    this.#gone = this.#untilGone();
    this.#keepUsAlive(false);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** @throws the keeper's error, or that it ended. */
  async ask(request: KeeperRequest): Promise<KeeperReply> {
    if (!this.#process.connected) throw this.#lostError('it has ended');
    this.#keepUsAlive(true);
    const reply = await new Promise<KeeperReply>((resolve, reject) => {
      this.#pending.push({ resolve, reject });
      // A failure to send is a keeper that ended, which settles all that is pending.
      this.#process.send(request, () => {});
    });
    if (reply.kind === 'failed') throw new Error(reply.message);
    return reply;
  }

  /** Lets the keeper end; resolves when it has. */
  async close(): Promise<void> {
    this.#keepUsAlive(true);
    if (this.#process.connected) this.#process.disconnect();
    await this.#gone;
  }

  async #untilGone(): Promise<void> {
    const stderr = this.#process.stderr;
    // Not the event 'close' of the process: Node.js leaves it out after our own disconnect().
    const [how] = await Promise.all([
      new Promise<string>((resolve) => {
        this.#process.once('error', (error) => resolve(error.message));
        this.#process.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
      }),
      new Promise((resolve) => (stderr ? stderr.once('close', resolve) : resolve(undefined))),
    ]);
    await this.#lost(how);
  }

  #receive(message: KeeperReply | KeeperEvent): void {
    if (message.kind === 'log') {
      this.#onLog(message.line);
      return;
    }
    if (message.kind === 'folder') {
      this.#folder = message.folder;
      return;
    }
    this.#running = message.kind === 'running' ? message : undefined;
    const pending = this.#pending.shift();
    if (this.#pending.length === 0) this.#keepUsAlive(false);
    pending?.resolve(message);
  }

  /** A keeper that was killed leaves its server to us. */
  async #lost(how: string): Promise<void> {
    for (const { reject } of this.#pending.splice(0)) reject(this.#lostError(how));
    if (this.#running) killServer(this.#running.pid);
    this.#running = undefined;
    // The server may still be writing as it ends.
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }

  #lostError(how: string): Error {
    const output = this.#errorOutput.trim();
    return new Error(
      `The process that keeps PostgreSQL ended (${how})${output ? `. It wrote:\n${output}` : ''}`,
    );
  }

  /** A server that runs must not keep a test's process from ending; an answer we wait for must. */
  #keepUsAlive(isWaiting: boolean): void {
    const change = isWaiting ? 'ref' : 'unref';
    this.#process[change]();
    this.#process.channel?.[change]();
    const stderr = this.#process.stderr;
    if (stderr && change in stderr) (stderr as unknown as NodeJS.Timeout)[change]();
  }
}

function killServer(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT');
  } catch {
    // It has ended already.
  }
}
