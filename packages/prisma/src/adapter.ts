import { currentContext, type Pool, type PoolOptions } from '@lifeguard/pool';
import type { PrismaPg } from '@prisma/adapter-pg';
import { notTaken } from './adapter-pg.ts';
import type { Operation } from './extension/operation.ts';
import { toPrismaError } from './prisma-errors.ts';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

/**
 * Makes the adapter speak Prisma's language about the pool.
 *
 * Only here does every way lead through: ordinary operations, batches, and the start of a
 * transaction, whose errors Prisma hands to the caller as they are.
 */
export function translateErrors(factory: PrismaPg, pool: Pool, options: PoolOptions): PrismaPg {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter: Adapter = await connect();
    if (adapter.underlyingDriver() !== pool) throw notTaken();
    adapter.queryRaw = translated(adapter.queryRaw.bind(adapter), options);
    adapter.executeRaw = translated(adapter.executeRaw.bind(adapter), options);
    adapter.startTransaction = translated(adapter.startTransaction.bind(adapter), options);
    return adapter;
  };
  return factory;
}

function translated<Args extends unknown[], Result>(
  run: (...args: Args) => Promise<Result>,
  options: PoolOptions,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await run(...args);
    } catch (error) {
      const operation = currentContext()?.owner as Operation | undefined;
      if (operation && error instanceof Error) operation.refusal = error;
      throw toPrismaError(error, options);
    }
  };
}
