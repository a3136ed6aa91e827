import { Pool as LifeguardPool } from '@lifeguard/pool';
import { createPool } from 'generic-pool';
import pg from 'pg';
import { Pool as TarnPool } from 'tarn';
import { LIFEGUARD } from '../cases/case.ts';
import { FakeClient } from './fake-client.ts';
import { PG_POOL } from './index.ts';

/** A pool that lends whole connections; here they lead nowhere. */
export interface Lender {
  /** Waits for one and keeps it. */
  acquire(): Promise<unknown>;
  /** Waits for one and gives it back at once. */
  cycle(): Promise<void>;
}

export interface LenderOptions {
  readonly connections: number;
  /** The longest wait; default the pool's own. */
  readonly waitMillis?: number;
}

export const TARN = 'tarn';
export const GENERIC_POOL = 'generic-pool';

const lenders: Readonly<Record<string, (options: LenderOptions) => Lender>> = {
  [LIFEGUARD]: (options) => overPg(new LifeguardPool(poolConfig(options))),
  [PG_POOL]: (options) => overPg(new pg.Pool(poolConfig(options))),
  [TARN]({ connections, waitMillis }) {
    const pool = new TarnPool<object>({
      create: async () => ({}),
      destroy: () => {},
      min: 0,
      max: connections,
      ...(waitMillis !== undefined && { acquireTimeoutMillis: waitMillis }),
    });
    return {
      acquire: () => pool.acquire().promise,
      async cycle() {
        pool.release(await pool.acquire().promise);
      },
    };
  },
  [GENERIC_POOL]({ connections, waitMillis }) {
    const pool = createPool(
      { create: async () => ({}), destroy: async () => {} },
      { max: connections, ...(waitMillis !== undefined && { acquireTimeoutMillis: waitMillis }) },
    );
    return {
      acquire: async () => pool.acquire(),
      async cycle() {
        pool.release(await pool.acquire());
      },
    };
  },
};

/** @throws when no pool has that name. */
export function openLender(peer: string, options: LenderOptions): Lender {
  const open = lenders[peer];
  if (!open) throw new Error(`no pool is called '${peer}'`);
  return open(options);
}

function poolConfig({ connections, waitMillis }: LenderOptions): pg.PoolConfig {
  return {
    max: connections,
    // The types want pg's own class, of which a pool uses a part.
    Client: FakeClient as unknown as NonNullable<pg.PoolConfig['Client']>,
    ...(waitMillis !== undefined && { connectionTimeoutMillis: waitMillis }),
  };
}

function overPg(pool: pg.Pool): Lender {
  return {
    acquire: () => pool.connect(),
    async cycle() {
      (await pool.connect()).release();
    },
  };
}
