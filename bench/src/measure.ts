import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Values } from './cases/case.ts';
import type { Assignment, Report } from './messages.ts';

const CHILD_FILE = fileURLToPath(new URL('./child.js', import.meta.url));

/** What a measurement takes at most beside its own seconds: starting, warming up, ending. */
const OVERHEAD_MILLIS = 60_000;

/** Variables that would give one of the pools another size, or the process another engine. */
const NOT_FOR_CHILDREN = /^(PG|DB_|DATABASE_|NODE_OPTIONS$|NODE_V8_COVERAGE$)/;

/**
 * Measures one peer in a process of its own.
 *
 * @throws what went wrong there, in one line.
 */
export async function measureInChild(
  assignment: Assignment,
  profileFolder: string | undefined,
): Promise<Values> {
  const child = fork(CHILD_FILE, [], {
    execArgv: ['--expose-gc', ...profiling(assignment, profileFolder)],
    env: environment(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const limitMillis = OVERHEAD_MILLIS + assignment.setup.seconds * 10_000;
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMillis);
  try {
    const report = await new Promise<Report>((resolve) => {
      let said: Report | undefined;
      child.on('message', (message: Report) => {
        said ??= message;
      });
      child.on('error', (error) => resolve({ error: error.message }));
      child.on('exit', (code, signal) => {
        resolve(said ?? { error: `its process ended without a word (${signal ?? code})` });
      });
      // One that has ended can be sent nothing; its exit says so.
      child.send(assignment, () => {});
    });
    if ('error' in report) throw new Error(report.error);
    return report.values;
  } finally {
    clearTimeout(limit);
  }
}

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !NOT_FOR_CHILDREN.test(name));
  return { ...Object.fromEntries(kept), NODE_ENV: 'production' };
}

function profiling({ caseName, peer }: Assignment, folder: string | undefined): string[] {
  if (folder === undefined) return [];
  const name = `${caseName} ${peer}`.replace(/[^\w.-]+/g, '-');
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`];
}
