import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from './child-file.ts';

const CACHE = fileURLToPath(new URL('../../../../.cache/', import.meta.url));

/** A program that does not end by itself is a defect of its test. */
const RUN_MILLIS = 20_000;

/** How a program ended. */
export interface AppRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Small programs in a folder inside the repository, so that its packages are found from there. */
export class AppFolder {
  readonly path: string;

  constructor() {
    mkdirSync(CACHE, { recursive: true });
    this.path = mkdtempSync(join(CACHE, 'app-'));
  }

  /** Returns the file's full path. */
  write(file: string, text: string): string {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Copies a folder, without the packages inside it. */
  copy(from: string, to: string): string {
    const path = join(this.path, to);
    cpSync(from, path, {
      recursive: true,
      filter: (source) => !source.slice(from.length).includes('node_modules'),
    });
    return path;
  }

  /** Makes a package findable that npm has put into another package's folder. */
  link(name: string, target: string): void {
    const path = join(this.path, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path, 'junction');
  }

  /**
   * Runs Node.js in the folder.
   *
   * @param env added to this process's own, from which `NODE_OPTIONS` is left out.
   */
  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<AppRun> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, {
        cwd: this.path,
        env: { ...childEnvironment(), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: RUN_MILLIS,
        killSignal: 'SIGKILL',
      });
      const output = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].setEncoding('utf8').on('data', (chunk: string) => {
          output[name] += chunk;
        });
      }
      child.on('error', reject);
      child.on('close', (exitCode) => resolve({ exitCode, ...output }));
    });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
