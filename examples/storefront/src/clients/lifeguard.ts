import { lifeguard } from '@lifeguard/prisma';
import { PrismaClient } from '../generated/client.ts';
import type { StoreClient, StorePrisma } from './client.ts';

/** Prisma 7 with Lifeguard: `connection_limit`, `pool_timeout` and `schema` in the URL hold again. */
export function createLifeguardClient(url: string): StoreClient {
  const db = lifeguard({ url });
  const prisma = new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
  return {
    // The extension changes no type, but Prisma gives every extended client types of its own.
    prisma: prisma as unknown as StorePrisma,
    stats: () => db.pool.stats(),
    // By default it is closed in production without a token; no proxy stands before this shop.
    dashboard: db.dashboard({ loopback: true }),
    close: () => db.shutdown(),
  };
}
