import { currentContext } from '@lifeguard/pool';
import { groupedHook } from '../grouped/hook.ts';
import { findManyGrouped } from '../grouped/method.ts';
import type { GroupedReads } from '../grouped/reads.ts';
import type { FindManyGrouped } from '../grouped/types.ts';
import type { ClientTransactionOptions } from '../transaction/options.ts';
import { limitsFrom } from '../transaction/options.ts';
import type { Call, HookCall, Layer } from './layer.ts';
import { type Operation, operationOf } from './operation.ts';
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

/** As much of Prisma's client as an extension needs. */
export interface ExtensibleClient {
  $transaction(this: unknown, ...args: unknown[]): Promise<unknown>;
  $extends(extension: object): ExtensibleClient;
  /** Private to Prisma: the defaults that the client was made with. */
  _engineConfig?: { transactionOptions?: ClientTransactionOptions };
}

export interface ExtensionSetup {
  /** What is done around each operation, the first one outermost. */
  readonly layers: readonly Layer[];
  readonly transactions: TransactionSetup;
  readonly reads: GroupedReads;
}

/**
 * What stands between the application and Prisma: each operation goes through the layers; a transaction's
 * start is no operation and has a way of its own.
 */
export function lifeguardExtension({ layers, transactions, reads }: ExtensionSetup): Extension {
  const extend = (client: ExtensibleClient) => {
    const limits = limitsFrom(transactions.defaults, client._engineConfig?.transactionOptions);
    const around = (hook: HookCall) => {
      const call = callOf(hook);
      // Those that Prisma opens by itself would else wait, and take, as long as they like.
      if (!call.transaction) call.owner.limits = limits;
      return run(layers, call, hook.query);
    };
    return client.$extends({
      name: 'lifeguard',
      query: { $allOperations: groupedHook(reads, around) },
      model: { $allModels: { findManyGrouped: findManyGrouped(reads) } },
      client: { $transaction: guardedTransaction(client, transactions) },
    });
  };
  return extend as unknown as Extension;
}

function callOf({ model, operation, args, __internalParams }: HookCall): Call {
  const kind = __internalParams?.transaction?.kind;
  const transaction = kind === 'itx' || kind === 'batch' ? kind : undefined;
  const owner = operationOf(model, operation, transaction === 'batch');
  // The whole batch runs in the name of its first item.
  const outer: Operation | undefined = currentContext()?.owner;
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
