import type { Owner } from '@lifeguard/pool';

/** One call of a Prisma operation, as the pool sees it. */
export interface Operation extends Owner {
  /** The pool's own error, when it refused this call: Prisma's copy of an error keeps no cause. */
  refusal?: Error;
}

/** `Product.findMany`, or `$queryRaw` for what has no model. */
export function operationOf(model: string | undefined, operation: string): Operation {
  const label = model ? `${model}.${operation}` : operation;
  return model ? { label, model, operation } : { label, operation };
}
