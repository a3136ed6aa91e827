import type { Arguments } from './arguments.ts';
import type { ClientFacts } from './client-facts.ts';
import type { Operation } from './operation.ts';

/** What Prisma's query hook is given for one operation of the client. */
export interface HookCall extends Arguments {
  /** Undefined for raw SQL. */
  readonly model?: string;
  readonly operation: string;
  readonly query: (args: unknown) => Promise<unknown>;
  /** Private to Prisma; looked at, never relied upon. */
  readonly __internalParams?: {
    readonly transaction?: { readonly kind?: string };
    readonly dataPath?: readonly string[];
    readonly args?: unknown;
  };
}

/** One call of an operation, on its way through the layers. */
export interface Call extends Arguments {
  readonly model: string | undefined;
  readonly operation: string;
  /** `itx`: in an interactive transaction. `batch`: an item of `$transaction([…])`. */
  readonly transaction: 'itx' | 'batch' | undefined;
  readonly owner: Operation;
  /** The relations that were chained on: `findUnique(…).books()`. The answer is theirs. */
  readonly path: readonly string[];
  readonly client: ClientFacts;
  /** Nobody's hook comes between the layers and Prisma. */
  readonly isInnermost: boolean;
  /** Prisma, or the hooks behind ours. */
  readonly query: HookCall['query'];
}

/** Runs a call. What it returns has begun. */
export type Run = (call: Call) => Promise<unknown>;

/**
 * One thing that is done around every operation. `next` runs what is inside of it, and may be called
 * more than once. An item of a batch must reach Prisma exactly once, or throw before: a batch whose
 * item never arrives waits for ever, and an item that arrives twice runs outside of its transaction.
 */
export type Layer = (call: Call, next: Run) => Promise<unknown>;

/** All layers as one, the first one outermost, around `innermost`. */
export function layered(layers: readonly Layer[], innermost: Run): Run {
  return layers.reduceRight<Run>((next, layer) => (call) => layer(call, next), innermost);
}
