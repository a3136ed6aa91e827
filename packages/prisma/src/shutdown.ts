import type { Monitor } from '@lifeguard/monitor';
import type { Pool } from '@lifeguard/pool';
import { whenQuiet } from './quiet.ts';

/** How long a shutdown waits for what is under way. */
const SHUTDOWN_MILLIS = 10_000;

export interface ShutdownOptions {
  /** In milliseconds; default 10 000. */
  timeout?: number;
}

/** What ends with the client. */
export interface ShutdownSetup {
  readonly pool: Pool;
  readonly monitor: Monitor;
  /** Called at once: signals are nobody's any more. */
  readonly begins: () => void;
  /** Called when all is quiet, before the pool is closed. */
  readonly isQuiet: () => void | Promise<void>;
}

/** Returns a function that ends all of it, once, whoever asks how often. */
export function shutdownOnce(setup: ShutdownSetup): (options?: ShutdownOptions) => Promise<void> {
  let shutdown: Promise<void> | undefined;
  return (options) => {
    shutdown ??= shutDown(setup, options);
    return shutdown;
  };
}

async function shutDown(
  { pool, monitor, begins, isQuiet }: ShutdownSetup,
  { timeout = SHUTDOWN_MILLIS }: ShutdownOptions = {},
): Promise<void> {
  begins();
  monitor.drain();
  const started = performance.now();
  await whenQuiet(pool, timeout);
  try {
    await isQuiet();
  } finally {
    // Whatever could not be closed before: a pool that stays open would keep the process alive.
    monitor.stop();
    await pool.end({ timeout: Math.max(0, timeout - (performance.now() - started)) });
  }
}
