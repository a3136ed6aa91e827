import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { Pool, type PoolConfig } from '../index.ts';

/** A server for one test file, and pools on it that are ended with their test. */
export interface TestPools {
  readonly server: PostgresServer;
  open(config?: PoolConfig): Pool;
  /** Runs a statement on a connection of its own, beside every pool. */
  admin(text: string, values?: unknown[]): Promise<pg.QueryResult>;
}

/** So many times are enough for a text to be known as quick; more, if the machine was busy meanwhile. */
const SHORT = 3;
const LONG = 20;
const QUICK_MILLIS = 5;
/** Long enough for whatever is cut here on purpose to be told apart from a normal end. */
const END_MILLIS = 200;

export function useTestPools(settings: Record<string, string | number> = {}): TestPools {
  let server: PostgresServer;
  const pools: Pool[] = [];

  beforeAll(async () => {
    server = await startPostgres({ settings });
  });
  afterEach(async () => {
    const ending = pools.splice(0).filter((pool) => !pool.ending);
    await Promise.all(ending.map((pool) => pool.end({ timeout: END_MILLIS })));
  });
  afterAll(() => server.stop('immediate'));

  return {
    get server() {
      return server;
    },
    open(config = {}) {
      const pool = new Pool({ connectionString: server.url(), ...config });
      pools.push(pool);
      return pool;
    },
    async admin(text, values) {
      const client = new pg.Client({ connectionString: server.url() });
      await client.connect();
      try {
        return await client.query(text, values);
      } finally {
        await client.end();
      }
    },
  };
}

/** Settles as the promise does; the second element tells whether it has settled yet. */
export function watch<T>(promise: Promise<T>): {
  readonly done: boolean;
  readonly promise: Promise<T>;
} {
  const watched = { done: false, promise };
  const settled = () => {
    watched.done = true;
  };
  promise.then(settled, settled);
  return watched;
}

/** Makes a text known to the pool as a short statement. */
export async function warmUp(pool: Pool, text: string, values?: unknown[]): Promise<void> {
  let slowest = 0;
  for (let i = 0; i < (slowest > QUICK_MILLIS ? LONG : SHORT); i++) {
    const from = performance.now();
    await pool.query(text, values);
    slowest = Math.max(slowest, performance.now() - from);
  }
}
