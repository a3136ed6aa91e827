import { execFile } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Setup } from '../cases/case.ts';
import { ITEMS, sql } from './sql.ts';

const CONNECTIONS = 2;
const STATEMENTS_PER_PIPELINE = 20;

/** PostgreSQL's own load generator, in C: about what the server can give when the client costs little. */
export const PGBENCH = `pgbench, ${CONNECTIONS} connections`;

/** Where Debian has it, by version; only a wrapper of it is on the PATH, if at all. */
const DEBIAN_FOLDER = '/usr/lib/postgresql';

/**
 * Point reads a second by prepared statements in pipelines.
 *
 * @throws when there is no pgbench, or it is too old for pipelines (before 14).
 */
export async function pgbenchReads(
  { url, seconds }: Setup,
  program = findPgbench(process.env.PATH ?? '', DEBIAN_FOLDER),
): Promise<number> {
  if (program === undefined) throw new Error('no pgbench is installed');
  const wholeSeconds = Math.max(1, Math.round(seconds));
  const running = promisify(execFile)(
    program,
    [
      ...['--no-vacuum', '--protocol=prepared', `--time=${wholeSeconds}`, '--file=-'],
      ...[`--client=${CONNECTIONS}`, `--jobs=${CONNECTIONS}`],
    ],
    { env: environment(url), timeout: (wholeSeconds + 60) * 1_000 },
  );
  // One that has ended reads nothing; its exit says so.
  running.child.stdin?.on('error', () => {}).end(pipelineScript());
  try {
    return transactionsPerSecond((await running).stdout) * STATEMENTS_PER_PIPELINE;
  } catch (error) {
    throw new Error(`pgbench failed: ${lastLine(error)}`);
  }
}

/** The newest that is not only a wrapper, else what the PATH has. */
export function findPgbench(path: string, versionsFolder: string): string | undefined {
  const folders = [
    ...versionsIn(versionsFolder).map((version) => join(versionsFolder, version, 'bin')),
    ...path.split(delimiter).filter((folder) => folder !== ''),
  ];
  return folders.map((folder) => join(folder, 'pgbench')).find(isExecutable);
}

/** Newest first. */
function versionsIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort((a, b) => Number(b) - Number(a));
  } catch {
    return [];
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The same statement as the pools', each time with another id. */
export function pipelineScript(): string {
  const numbers = Array.from({ length: STATEMENTS_PER_PIPELINE }, (_, index) => index);
  return [
    ...numbers.map((index) => `\\set id${index} random(1, ${ITEMS})`),
    '\\startpipeline',
    ...numbers.map((index) => `${sql.read.replace('$1', `:id${index}`)};`),
    '\\endpipeline',
    '',
  ].join('\n');
}

/** By variables and not by arguments, which others on the machine can read. */
function environment(url: string): NodeJS.ProcessEnv {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
  };
}

/** @throws when the output does not say it. */
export function transactionsPerSecond(output: string): number {
  const found = /^tps = ([\d.]+) /m.exec(output)?.[1];
  if (found === undefined) throw new Error('it told no transactions a second');
  return Number(found);
}

/** Of its own complaint, if it made one. */
function lastLine(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string };
  return (stderr?.trim() || message).split('\n').at(-1) ?? message;
}
