import { lifeguard } from '@lifeguard/prisma';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../../../examples/storefront/dist/generated/client.js';
import { LIFEGUARD } from '../cases/case.ts';
import { LIFEGUARD_PLAIN, STOCK_ADAPTER } from './prisma-names.ts';

export type FindFirst = (id: number) => Promise<unknown>;

interface ClientOptions {
  readonly url: string;
  readonly connections: number;
}

const clients: Readonly<Record<string, (options: ClientOptions) => FindFirst>> = {
  [STOCK_ADAPTER]({ url, connections }) {
    const adapter = new PrismaPg({ connectionString: url, max: connections });
    const { product } = new PrismaClient({ adapter });
    return (id) => product.findFirst({ where: { id } });
  },
  [LIFEGUARD]({ url, connections }) {
    const db = lifeguard({ url, max: connections });
    const { product } = new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
    return (id) => product.findFirst({ where: { id } });
  },
  [LIFEGUARD_PLAIN]({ url, connections }) {
    const { adapter } = lifeguard({ url, max: connections });
    const { product } = new PrismaClient({ adapter });
    return (id) => product.findFirst({ where: { id } });
  },
};

/** @throws when no client has that name. */
export function openPrisma(peer: string, options: ClientOptions): FindFirst {
  const open = clients[peer];
  if (!open) throw new Error(`no client is called '${peer}'`);
  return open(options);
}
