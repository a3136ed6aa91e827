import { lifeguard } from '@lifeguard/prisma';
import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import type { StorePrisma } from '../clients/client.ts';
import type { GuardedPrisma } from '../clients/lifeguard.ts';
import { createStockClient } from '../clients/stock.ts';
import { createSchema } from '../database/schema.ts';
import { fillSchema } from '../database/seed.ts';
import type { ShopSize } from '../database/size.ts';
import { PrismaClient } from '../generated/client.ts';

export const smallSize: ShopSize = { categories: 5, products: 500, users: 20, orders: 40 };

/** A small shop in a schema of its own on a real server. */
export interface TestShop {
  readonly server: PostgresServer;
  readonly url: string;
  readonly prisma: StorePrisma;
  /** Lifeguard's, with a pool of its own. */
  readonly guarded: GuardedPrisma;
  /** A connection beside the pool, to look at what the shop has done. */
  readonly sql: pg.Client;
  close(): Promise<void>;
}

export async function openShop(): Promise<TestShop> {
  const server = await startPostgres();
  const sql = new pg.Client({ connectionString: server.url() });
  await sql.connect();
  await sql.query('CREATE SCHEMA shop; SET search_path TO shop');
  await createSchema(sql);
  await fillSchema(sql, smallSize);

  const url = server.url({ schema: 'shop', connection_limit: 3 });
  const { prisma, close } = createStockClient(url);
  const db = lifeguard({ url, signals: false });
  const guarded = new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
  return {
    server,
    url,
    prisma,
    guarded,
    sql,
    async close() {
      await Promise.all([close(), db.shutdown({ timeout: 1_000 })]);
      await sql.end();
      await server.stop();
    },
  };
}
