import type { Owner } from '@lifeguard/pool';

/** One call of a Prisma operation, as the pool sees it. */
export interface Operation extends Owner {
  /** The pool's own error, when it refused this call: Prisma's copy of an error keeps no cause. */
  refusal?: Error;
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
