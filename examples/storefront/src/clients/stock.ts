import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../generated/client.ts';
import type { StoreClient } from './client.ts';

/**
 * Prisma 7 with its own adapter, set up as its documentation says.
 * Prisma 7 ignores `connection_limit`, `pool_timeout` and `schema` in the URL, so they are read and handed over here.
 * Defaults: 10 connections, and 10 seconds, for Prisma 7 waits for ever.
 */
export function createStockClient(url: string): StoreClient {
  const { searchParams } = new URL(url);
  const schema = searchParams.get('schema') ?? undefined;
  const adapter = new PrismaPg(
    {
      connectionString: url,
      max: Number(searchParams.get('connection_limit') ?? 10),
      connectionTimeoutMillis: Number(searchParams.get('pool_timeout') ?? 10) * 1000,
      // Models take the schema from the adapter, raw SQL from the connection.
      options: schema && `-c search_path="${schema}"`,
    },
    { schema },
  );
  const prisma = new PrismaClient({ adapter });
  return { prisma, close: () => prisma.$disconnect() };
}
