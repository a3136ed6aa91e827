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
    close: () => db.shutdown(),
  };
}
