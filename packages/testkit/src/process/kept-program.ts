import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunAs } from '../postgres/run-as.ts';
import { childEnvironment } from './child-file.ts';

const READY_POLL_MILLIS = 10;
const MAX_LOG = 4_000;

/**
 * Runs the program in a folder and waits for the end of its own input, which comes when the test's process
 * ends, however it ends: then it kills the program and removes the folder.
 */
const KEEPER =
  'folder=$1; shift; "$@" & server=$!; echo "$server"; read -r _; kill -9 "$server"; wait; rm -rf "$folder"';

interface KeptProgramOptions {
  /** Removed with the program. */
  readonly folder: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly runAs?: RunAs | undefined;
  /** It works in the folder, as it does in any case where it runs as somebody else. */
  readonly inFolder?: boolean;
}

/** A server's process that does not outlive the test's process, nor does its folder. */
export class KeptProgram {
  readonly #keeper: ChildProcess;
  #pid: number | undefined;
  #log = '';

  constructor({ folder, program, args, runAs, inFolder = false }: KeptProgramOptions) {
    this.#keeper = spawn('sh', ['-c', KEEPER, 'sh', folder, program, ...args], {
      // A process group of its own: Ctrl-C in the terminal must not reach the server before the test.
      detached: true,
      env: childEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe'],
      ...((runAs || inFolder) && { cwd: folder }),
      ...(runAs && { uid: runAs.uid, gid: runAs.gid }),
    });
    this.#keeper.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      this.#pid ??= Number.parseInt(piece, 10) || undefined;
      this.#add(piece);
    });
    this.#keeper.stderr?.setEncoding('utf8').on('data', (piece: string) => this.#add(piece));
    this.#keeper.on('error', (error) => this.#add(error.message));
    // A pipe to a keeper that has ended is no failure of the test.
    this.#keeper.stdin?.on('error', () => {});
    this.#keeper.unref();
    for (const pipe of [this.#keeper.stdin, this.#keeper.stdout, this.#keeper.stderr]) {
      (pipe as unknown as { unref?(): void } | null)?.unref?.();
    }
  }

  /** The program's own process. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** The end of what it wrote. */
  get log(): string {
    return this.#log;
  }

  /** Kills it; resolves when it is gone. */
  async kill(): Promise<void> {
    // Nothing else may be left that keeps us here.
    this.#keeper.ref();
    const gone = once(this.#keeper, 'close');
    this.#keeper.stdin?.end();
    await gone;
  }

  /** Waits until the server answers; false when it ended instead or took longer. */
  async becomesReady(answers: () => Promise<boolean>, limitMillis: number): Promise<boolean> {
    const givesUpAt = Date.now() + limitMillis;
    while (Date.now() < givesUpAt) {
      if (this.#pid !== undefined && !isAlive(this.#pid)) return false;
      if (this.#pid !== undefined && (await answers())) return true;
      await delay(READY_POLL_MILLIS);
    }
    return false;
  }

  #add(piece: string): void {
    this.#log = (this.#log + piece).slice(-MAX_LOG);
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
