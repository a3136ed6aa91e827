import { currentContext } from '@lifeguard/pool';
import { clientFace } from '../faces/client-face.ts';
import type { CallRegistry } from '../faces/operation-calls.ts';
import { groupedHook } from '../grouped/hook.ts';
import { findManyGrouped } from '../grouped/method.ts';
import type { GroupedReads } from '../grouped/reads.ts';
import type { FindManyGrouped } from '../grouped/types.ts';
import { limitsFrom } from '../transaction/options.ts';
import type { ExtensibleClient } from './client.ts';
import type { Call, HookCall, Layer } from './layer.ts';
import { begunOperation, type Operation } from './operation.ts';
import { guardedTransaction, type TransactionSetup } from './transaction.ts';

/** An extension that adds to the client it is applied to, and leaves what it has as it is. */
// biome-ignore lint/suspicious/noExplicitAny: Prisma's own type of `$extends` takes any client here
export type Extension = (client: any) => {
  $extends: {
    extArgs: {
      // biome-ignore lint/complexity/noBannedTypes: Prisma's own empty arguments
      result: {};
      model: { $allModels: { findManyGrouped: () => FindManyGrouped } };
      // biome-ignore lint/complexity/noBannedTypes: Prisma's own empty arguments
      query: {};
      // biome-ignore lint/complexity/noBannedTypes: Prisma's own empty arguments
      client: {};
    };
  };
};

export interface ExtensionSetup {
  /** What is done around each operation, the first one outermost. */
  readonly layers: readonly Layer[];
  readonly transactions: TransactionSetup;
  readonly reads: GroupedReads;
  /** Where operations are called. */
  readonly calls: CallRegistry;
}

/**
 * What stands between the application and Prisma: each operation goes through the layers; a transaction's
 * start is no operation and has a way of its own.
 */
export function lifeguardExtension({
  layers,
  transactions,
  reads,
  calls,
}: ExtensionSetup): Extension {
  const extend = (client: ExtensibleClient) => {
    const limits = limitsFrom(transactions.defaults, client._engineConfig?.transactionOptions);
    const around = (hook: HookCall) => {
      const call = callOf(hook);
      // Those that Prisma opens by itself would else wait, and take, as long as they like.
      if (!call.transaction) call.owner.limits = limits;
      return run(layers, call, hook.query);
    };
    const $transaction = guardedTransaction(client, transactions, calls);
    const extended = client.$extends({
      name: 'lifeguard',
      query: { $allOperations: groupedHook(reads, around) },
      model: { $allModels: { findManyGrouped: findManyGrouped(reads) } },
      client: { $transaction },
    });
    return clientFace(extended, calls);
  };
  return extend as unknown as Extension;
}

function callOf({ model, operation, args, __internalParams }: HookCall): Call {
  const kind = __internalParams?.transaction?.kind;
  const transaction = kind === 'itx' || kind === 'batch' ? kind : undefined;
  // The whole batch runs in the name of its first item.
  const outer = currentContext()?.owner as Operation | undefined;
  const owner = begunOperation({ model, operation }, transaction === 'batch');
  if (transaction === 'batch') owner.attempt = outer?.attempt;
  return { model, operation, args, transaction, owner };
}

function run(layers: readonly Layer[], call: Call, query: HookCall['query']): Promise<unknown> {
  const from = (index: number): Promise<unknown> => {
    const layer = layers[index];
    return layer ? layer(call, () => from(index + 1)) : query(call.args);
  };
  return from(0);
}
