import type { PrismaClient } from '../generated/client.ts';
import type { GuardedPrisma } from './lifeguard.ts';

/** What the shop uses: a Prisma Client, also one with extensions, which have no `$on`. */
export type StorePrisma = Omit<PrismaClient, '$on'>;

/** A Prisma Client and what belongs to it; each file beside this one makes one in another way. */
export interface StoreClient {
  prisma: StorePrisma;
  /** The same client, where Lifeguard has extended it. */
  guarded?: GuardedPrisma;
  /** What the pool says of itself, where the pool can say anything. */
  stats?(): unknown;
  /** What has gone wrong since the shop was opened, where anybody has looked. */
  incidents?(): unknown;
  /** The page that shows the pool, where there is one. */
  readonly dashboard?: {
    fetch(request: Request, context: unknown): Promise<Response>;
    close(): void;
  };
  /** Closes every connection. */
  close(): Promise<void>;
}
