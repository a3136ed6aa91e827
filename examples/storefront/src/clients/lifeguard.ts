import { type Lifeguard, lifeguard } from '@lifeguard/prisma';
import { PrismaClient } from '../generated/client.ts';
import type { StoreClient, StorePrisma } from './client.ts';

/** The client as its extension types it, for routes that use what Lifeguard adds. */
export type GuardedPrisma = ReturnType<typeof extend>;

/** Prisma 7 with Lifeguard: `connection_limit`, `pool_timeout` and `schema` in the URL hold again. */
export function createLifeguardClient(url: string): StoreClient {
  const db = lifeguard({ url, monitor: { server: true } });
  const prisma = extend(db);
  return {
    // Prisma gives every extended client types of its own; the operations are the same.
    prisma: prisma as unknown as StorePrisma,
    guarded: prisma,
    stats: () => db.pool.stats(),
    incidents: () => db.monitor.incidents(),
    // By default it is closed in production without a token; no proxy stands before this shop.
    dashboard: db.dashboard({ loopback: true }),
    close: () => db.shutdown(),
  };
}

function extend(db: Lifeguard) {
  return new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
}
