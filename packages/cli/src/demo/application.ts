import { type ChildProcess, fork } from 'node:child_process';
import type { Incident } from '@lifeguard/monitor';
import type { PoolStats } from '@lifeguard/pool';
import { serverFile } from '@lifeguard/storefront';
import type { Cleanups } from '../frame/cleanups.ts';
import type { Variant } from './variants.ts';

/** One storefront in a process of its own. */
export interface Application {
  readonly variant: Variant;
  readonly origin: string;
  /** Where its pool can be watched; the stock pool has nothing to show. */
  readonly dashboard: string | undefined;
  /** Its name in pg_stat_activity. */
  readonly applicationName: string;
  stats(): Promise<PoolStats | null>;
  /** What its monitor has seen, also what is over. */
  incidents(): Promise<readonly Incident[]>;
  stop(): Promise<void>;
}

export interface ApplicationSettings {
  readonly databaseUrl: string;
  readonly connectionLimit: number;
  /** Seconds. */
  readonly poolTimeout: number;
}

/** Variables that would give one pool another size than the URL says. */
const POOL_VARIABLES = [
  'DB_CONNECTION_LIMIT',
  'DB_POOL_TIMEOUT',
  'DATABASE_POOL_MAX',
  'DATABASE_POOL_MIN',
  'DATABASE_ACQUIRE_TIMEOUT',
  'DATABASE_CONNECTION_TIMEOUT',
];

export async function startApplication(
  variant: Variant,
  settings: ApplicationSettings,
  cleanups: Cleanups,
): Promise<Application> {
  const applicationName = `lifeguard-demo-${variant.name}`;
  const url = new URL(settings.databaseUrl);
  url.searchParams.set('connection_limit', String(settings.connectionLimit));
  url.searchParams.set('pool_timeout', String(settings.poolTimeout));
  url.searchParams.set('application_name', applicationName);
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of POOL_VARIABLES) delete env[name];
  const child = fork(serverFile, {
    // Its own process group: Ctrl-C is for the demo, which then stops it in order.
    detached: true,
    execArgv: [],
    env: { ...env, ...variant.env, DATABASE_URL: url.href, PORT: '0', NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk).slice(-2_000);
  });
  const stop = () => stopChild(child);
  cleanups.add(stop);
  const { port } = await answer<{ port: number }>(child, 'ready', () => complaint);
  const ask = <T>(type: string): Promise<T> => {
    const answered = answer<T>(child, type, () => complaint);
    // One that has ended can be sent nothing; the answer says so.
    child.send({ type }, () => {});
    return answered;
  };
  const origin = `http://127.0.0.1:${port}`;
  return {
    variant,
    applicationName,
    origin,
    dashboard: variant.name === 'stock' ? undefined : `${origin}/lifeguard`,
    stop,
    stats: async () => (await ask<{ stats: PoolStats | null }>('stats')).stats,
    incidents: async () => (await ask<{ incidents: Incident[] }>('incidents')).incidents,
  };
}

function answer<T>(child: ChildProcess, type: string, complaint: () => string): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopListening = () => {
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    const onMessage = (message: { type?: string }) => {
      if (message.type !== type) return;
      stopListening();
      resolve(message as T);
    };
    const onExit = () => {
      stopListening();
      reject(new Error(`the storefront ended before it said '${type}': ${complaint()}`));
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
    if (hasEnded(child)) onExit();
  });
}

function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
