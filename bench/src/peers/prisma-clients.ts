import { lifeguard } from '@lifeguard/prisma';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../../../examples/storefront/dist/generated/client.js';
import { LIFEGUARD } from '../cases/case.ts';
import { LIFEGUARD_PLAIN, STOCK_ADAPTER } from './prisma-names.ts';
import { stubQuery } from './stub-answer.ts';

/** What the cases ask of Prisma Client. */
export interface PrismaReads {
  /** One row by its primary key: one statement. */
  findFirst(id: number): Promise<unknown>;
  /** The same with the row that it belongs to: two statements, one after the other. */
  include(id: number): Promise<unknown>;
}

interface ClientOptions {
  readonly url: string;
  readonly connections: number;
}

const clients: Readonly<Record<string, (options: ClientOptions) => PrismaReads>> = {
  [STOCK_ADAPTER]({ url, connections }) {
    const adapter = new PrismaPg({ connectionString: url, max: connections });
    return readsOf(new PrismaClient({ adapter }));
  },
  [LIFEGUARD]({ url, connections }) {
    const db = lifeguard({ url, max: connections });
    const client = new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
    // It can do more; here it is asked for what all can.
    return readsOf(client as unknown as PrismaClient);
  },
  [LIFEGUARD_PLAIN]({ url, connections }) {
    const { adapter } = lifeguard({ url, max: connections });
    return readsOf(new PrismaClient({ adapter }));
  },
};

function readsOf({ product }: Pick<PrismaClient, 'product'>): PrismaReads {
  return {
    findFirst: (id) => product.findFirst({ where: { id } }),
    include: (id) => product.findFirst({ where: { id }, include: { category: true } }),
  };
}

const NOWHERE = 'postgresql://bench@127.0.0.1:1/nowhere';

const stubbed: Readonly<Record<string, () => PrismaReads>> = {
  [STOCK_ADAPTER]() {
    const pool = new pg.Pool({ connectionString: NOWHERE });
    return readsOf(
      new PrismaClient({ adapter: new PrismaPg(Object.assign(pool, { query: stubQuery() })) }),
    );
  },
  [LIFEGUARD]() {
    const db = lifeguard({ url: NOWHERE });
    Object.assign(db.pool, { query: stubQuery() });
    const client = new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
    return readsOf(client as unknown as PrismaClient);
  },
  [LIFEGUARD_PLAIN]() {
    const { adapter, pool } = lifeguard({ url: NOWHERE });
    Object.assign(pool, { query: stubQuery() });
    return readsOf(new PrismaClient({ adapter }));
  },
};

/** The same over a pool that answers at once: what is left is Prisma's work, and ours around it. */
export function openStubbedPrisma(peer: string): PrismaReads {
  return openNamed(stubbed, peer)();
}

/** @throws when no client has that name. */
export function openPrisma(peer: string, options: ClientOptions): PrismaReads {
  return openNamed(clients, peer)(options);
}

function openNamed<Open>(all: Readonly<Record<string, Open>>, peer: string): Open {
  const open = all[peer];
  if (!open) throw new Error(`no client is called '${peer}'`);
  return open;
}
