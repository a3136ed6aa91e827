import { currentContext, type Owner, type Pool, withContext } from '@lifeguard/pool';
import type { PrismaPg } from '@prisma/adapter-pg';
import { type PoolFacts, translate } from '../errors/translate.ts';
import type { Operation } from '../extension/operation.ts';
import { Attempt } from '../transaction/attempt.ts';
import { now } from '../transaction/now.ts';
import { notTaken } from './adapter-pg.ts';
import type { Adapter } from './adapter-types.ts';
import { originOf, rememberOrigins } from './origins.ts';
import { startWithin } from './start.ts';
import { superviseTransaction } from './supervised-transaction.ts';

/**
 * Makes the adapter speak Prisma's language about the pool and its connections, and keeps transactions
 * within their limits.
 *
 * Only here does every way lead through: ordinary operations, batches, and start, body and COMMIT of
 * transactions, whose errors Prisma hands to the caller as they are.
 */
export function translateErrors(factory: PrismaPg, pool: Pool, facts: PoolFacts): PrismaPg {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter: Adapter = await connect();
    if (adapter.underlyingDriver() !== pool) throw notTaken();
    rememberOrigins(adapter);
    adapter.queryRaw = inWhoseNameItIs(translated(adapter.queryRaw.bind(adapter), facts));
    adapter.executeRaw = translated(adapter.executeRaw.bind(adapter), facts);
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (isolationLevel) => {
      const attempt = attemptOf(currentContext()?.owner);
      const transaction = await startWithin(attempt, () => start(isolationLevel), facts);
      return superviseTransaction(transaction, attempt, facts);
    };
    return adapter;
  };
  return factory;
}

/** What Prisma sends of several `findUnique` calls at once. */
function inWhoseNameItIs(queryRaw: Adapter['queryRaw']): Adapter['queryRaw'] {
  return (statement) => {
    const current = currentContext();
    const tick = (current?.owner as Operation | undefined)?.tick;
    if (!current || !tick) return queryRaw(statement);
    return withContext(tick.contextOf(statement.sql, current), () => queryRaw(statement));
  };
}

/** `$transaction` brings its own; what Prisma opens by itself, for a nested write, has the limits only. */
function attemptOf(owner: Owner | undefined): Attempt | undefined {
  const { attempt, limits } = (owner ?? {}) as Partial<Operation>;
  // Begun by a client without the extension, in the body of one that is under way.
  if (attempt?.hasStarted) return new Attempt(attempt.limits);
  return attempt ?? (limits && new Attempt(limits));
}

function translated<Args extends unknown[], Result>(
  run: (...args: Args) => Promise<Result>,
  facts: PoolFacts,
): (...args: Args) => Promise<Result> {
  const failed = (thrown: unknown): never => {
    const isLate = now() >= (currentContext()?.deadline ?? Infinity);
    throw translate({ origin: originOf(thrown), thrown, where: 'alone', isLate }, facts);
  };
  return (...args) => {
    const operation = currentContext()?.owner as Operation | undefined;
    return run(...args).then((result) => {
      if (operation) operation.hasRun = true;
      return result;
    }, failed);
  };
}
