import type { Owner } from '@lifeguard/pool';
import type { Attempt, TransactionLimits } from '../transaction/attempt.ts';

/** One call of a Prisma operation, as the pool and the adapter see it. */
export interface Operation extends Owner {
  /** The transaction that it begins, or of which it is an item. */
  attempt?: Attempt | undefined;
  /** Of a transaction that Prisma opens by itself: for a nested write, or a list of many ids. */
  limits?: TransactionLimits;
  /** One of its statements has been answered, outside of any transaction. */
  hasRun?: boolean;
}

/**
 * `Product.findMany`, or `$queryRaw` for what has no model. The statements of a batch all run in the
 * name of its first item: `$transaction [Product.findMany, …]`.
 */
export function operationOf(
  model: string | undefined,
  operation: string,
  isBatch = false,
): Operation {
  const name = model ? `${model}.${operation}` : operation;
  const label = isBatch ? `$transaction [${name}, …]` : name;
  return model ? { label, model, operation } : { label, operation };
}
