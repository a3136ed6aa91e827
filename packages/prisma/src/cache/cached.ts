import { NoAnswerError } from '@lifeguard/guard';
import { currentContext, type Pool, withContext } from '@lifeguard/pool';
import { knownError } from '../errors/known-error.ts';
import { settleArguments } from '../extension/arguments.ts';
import type { Call, Layer, Run } from '../extension/layer.ts';
import { labelOf } from '../extension/operation.ts';
import { isRead } from '../extension/reads.ts';
import type { ClientCache } from './client-cache.ts';
import { isSetUpByCaller } from './database.ts';
import { noteCacheInfo } from './info.ts';
import { canonical, digest } from './key.ts';
import { readStrategy } from './strategy.ts';

/**
 * Gives reads with a `cacheStrategy` the answers that are kept for them. In a transaction, where they may see
 * what nobody else sees yet, they are read from the database; and so they are where answers may be one caller's own.
 */
export function cached(cache: ClientCache, pool: Pool): Layer {
  return (call, next) => {
    const { cacheStrategy } = Object(call.args) as { cacheStrategy?: unknown };
    // Of a write or raw SQL Prisma refuses it, as any argument that it does not know.
    if (cacheStrategy === undefined || !call.model || !isRead(call)) return next(call);
    return readKept(cache, pool, call, call.model, next);
  };
}

async function readKept(
  cache: ClientCache,
  pool: Pool,
  call: Call,
  model: string,
  next: Run,
): Promise<unknown> {
  const { operation, client, transaction, isInnermost } = call;
  // The load comes later, and is kept by the arguments of now.
  settleArguments(call);
  const { cacheStrategy, ...args } = call.args as Record<string, unknown>;
  const strategy = readStrategy(cacheStrategy, { model, operation }, cache.hasTimes);
  call.args = args;
  const isAlike = isInnermost && !transaction && !isSetUpByCaller(pool);
  const key = cache.isOff || !isAlike ? undefined : keyOf(call, model);
  if (key === undefined) return next(call);

  // What it brings is for others as well, who may have more time.
  const load = () => withContext({ ...currentContext(), deadline: undefined }, () => next(call));
  try {
    const models = client.models.read(model, args);
    const { value, state, ageMillis, isLoaded } = await cache.read({ key, models, strategy }, load);
    const info = { state: isLoaded ? 'loaded' : state, ageMillis, tags: strategy.tags } as const;
    noteCacheInfo(labelOf({ model, operation }), info);
    return value;
  } catch (error) {
    throw error instanceof NoAnswerError ? tooLate(error) : error;
  }
}

/** Undefined when it can't be told which answers are the same. */
function keyOf({ operation, args, path, client }: Call, model: string): string | undefined {
  if (client.identity === '') return undefined;
  try {
    return `${model}.${operation}:${digest(`${client.identity}${canonical([path, args])}`)}`;
  } catch {
    // Arguments that are none: Prisma says so.
    return undefined;
  }
}

function tooLate(cause: NoAnswerError): Error {
  return knownError({ code: 'P1008', message: 'Operations timed out.', cause, outcome: 'unknown' });
}
