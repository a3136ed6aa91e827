import type { Call, HookCall, Layer } from './layer.ts';
import { operationOf } from './operation.ts';
import { ownedTransaction } from './transaction.ts';

/** An extension that changes no type of the client it is applied to. */
// biome-ignore lint/suspicious/noExplicitAny: Prisma's own type of `$extends` takes any client here
export type Extension = (client: any) => {
  $extends: {
    // biome-ignore lint/complexity/noBannedTypes: Prisma's own empty arguments
    extArgs: { result: {}; model: {}; query: {}; client: {} };
  };
};

/** As much of Prisma's client as an extension needs. */
export interface ExtensibleClient {
  $transaction(this: unknown, ...args: unknown[]): Promise<unknown>;
  $extends(extension: object): ExtensibleClient;
  /** Private to Prisma: the defaults that the client was made with. */
  _engineConfig?: { transactionOptions?: { maxWait?: number; timeout?: number } };
}

/**
 * What stands between the application and Prisma: each operation goes through the layers, the first
 * one outermost; a transaction's start is no operation and has a way of its own.
 */
export function lifeguardExtension(layers: readonly Layer[]): Extension {
  const extend = (client: ExtensibleClient) =>
    client.$extends({
      name: 'lifeguard',
      query: { $allOperations: (hook: HookCall) => run(layers, hook) },
      client: { $transaction: ownedTransaction(client) },
    });
  return extend as unknown as Extension;
}

function run(layers: readonly Layer[], hook: HookCall): Promise<unknown> {
  const { model, operation, args, query } = hook;
  const kind = hook.__internalParams?.transaction?.kind;
  const transaction = kind === 'itx' || kind === 'batch' ? kind : undefined;
  const owner = operationOf(model, operation, transaction === 'batch');
  const call: Call = { model, operation, args, transaction, owner };
  const from = (index: number): Promise<unknown> => {
    const layer = layers[index];
    return layer ? layer(call, () => from(index + 1)) : query(call.args);
  };
  return from(0);
}
