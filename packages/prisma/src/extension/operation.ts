import { type CallSite, currentContext, type Owner } from '@lifeguard/pool';
import type { Attempt, TransactionLimits } from '../transaction/attempt.ts';

/** An operation by its names. */
export interface OperationName {
  /** Undefined for raw SQL. */
  readonly model?: string | undefined;
  readonly operation: string;
}

/** `Product.findMany`, or `$queryRaw` for what has no model. */
export function labelOf({ model, operation }: OperationName): string {
  return model ? `${model}.${operation}` : operation;
}

/** One call of a Prisma operation, as the pool and the adapter see it. */
export interface Operation extends Omit<Owner, 'advise'> {
  advise?: Owner['advise'] | undefined;
  /** What Prisma is given, when it is known. */
  args?: unknown;
  isInTransaction?: boolean;
  /** False: the application has called it, and it has not come to Prisma's hook yet. */
  hasBegun?: boolean;
  /** The transaction that it begins, or of which it is an item. */
  attempt?: Attempt | undefined;
  /** Of a transaction that Prisma opens by itself: for a nested write, or a list of many ids. */
  limits?: TransactionLimits;
  /** One of its statements has been answered, outside of any transaction. */
  hasRun?: boolean;
}

/**
 * The statements of a batch all run in the name of its first item: `$transaction [Product.findMany, …]`.
 */
export function operationOf(
  name: OperationName,
  { isBatch = false, site }: { isBatch?: boolean; site?: CallSite | undefined } = {},
): Operation {
  const { model, operation } = name;
  const own = labelOf(name);
  return {
    label: isBatch ? `$transaction [${own}, …]` : own,
    model,
    operation,
    site,
    isCall: true,
    args: undefined,
    isInTransaction: false,
    advise: undefined,
    hasBegun: true,
  };
}

/**
 * What comes to Prisma's hook: the call that the application has made, when that was noted. An extension
 * applied before may have made another operation of it; its place stays the same.
 */
export function begunOperation(name: OperationName, isBatch: boolean): Operation {
  const called = currentContext()?.owner as Operation | undefined;
  if (called?.hasBegun !== false) return operationOf(name, { isBatch });
  called.hasBegun = true;
  const isSame = called.model === name.model && called.operation === name.operation;
  return isSame ? called : operationOf(name, { isBatch, site: called.site });
}
