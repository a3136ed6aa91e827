import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

/** The file of a package's command: run by node itself, so that no shell and no PATH is needed. */
export function bin(name, command = name) {
  const manifest = join(root, 'node_modules', name, 'package.json');
  const { bin: bins } = require(manifest);
  return join(dirname(manifest), typeof bins === 'string' ? bins : bins[command]);
}

const FORWARDED = ['SIGTERM', 'SIGHUP'];

/** Runs a Node program in the root folder; resolves to its exit code. Told to stop, it passes that on. */
export function run(file, args = [], options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], {
      cwd: root,
      stdio: 'inherit',
      ...options,
    });
    // Ctrl-C reaches the whole group; these two reach only whom they are sent to.
    const forward = (signal) => child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const forwarded of FORWARDED) process.off(forwarded, forward);
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}
