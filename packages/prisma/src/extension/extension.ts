import { currentContext } from '@lifeguard/pool';
import { adviser } from '../advice/advise.ts';
import { Schema } from '../advice/schema.ts';
import type { ClientCache, PrismaCache } from '../cache/client-cache.ts';
import type { CachedReads } from '../cache/types.ts';
import { clientFace } from '../faces/client-face.ts';
import type { CallRegistry } from '../faces/operation-calls.ts';
import { groupedHook } from '../grouped/hook.ts';
import { findManyGrouped } from '../grouped/method.ts';
import type { GroupedReads } from '../grouped/reads.ts';
import type { FindManyGrouped } from '../grouped/types.ts';
import { limitsFrom } from '../transaction/options.ts';
import type { ExtensibleClient } from './client.ts';
import { ClientFacts } from './client-facts.ts';
import { type Around, extendInnermost } from './innermost.ts';
import { type Call, type HookCall, type Layer, layered, type Run } from './layer.ts';
import { begunOperation, type Operation } from './operation.ts';
import { guardedTransaction, type TransactionSetup } from './transaction.ts';

/**
 * An extension that adds to the client it is applied to: `cacheStrategy` of reads, `findManyGrouped` and
 * `$lifeguard`. All else is of the type that it was.
 */
// biome-ignore lint/suspicious/noExplicitAny: Prisma's own type of `$extends` takes any client here
export type Extension = (client: any) => {
  $extends: {
    extArgs: {
      // biome-ignore lint/complexity/noBannedTypes: Prisma's own empty arguments
      result: {};
      model: { $allModels: CachedReads & { findManyGrouped: () => FindManyGrouped } };
      // biome-ignore lint/complexity/noBannedTypes: Prisma's own empty arguments
      query: {};
      client: { $lifeguard: () => PrismaCache };
    };
  };
};

export interface ExtensionSetup {
  /** What is done around each operation, the first one outermost. */
  readonly layers: readonly Layer[];
  /** Asks Prisma. */
  readonly ask: Run;
  readonly transactions: TransactionSetup;
  readonly reads: GroupedReads;
  /** Where operations are called. */
  readonly calls: CallRegistry;
  readonly cache: ClientCache;
}

/**
 * What stands between the application and Prisma: each operation goes through the layers; a transaction's
 * start is no operation and has a way of its own.
 */
export function lifeguardExtension({
  layers,
  ask,
  transactions,
  reads,
  calls,
  cache,
}: ExtensionSetup): Extension {
  const run = layered(layers, ask);
  const extend = (client: ExtensibleClient) => {
    const advise = adviser(() => schemaOf(client));
    const limits = limitsFrom(transactions.defaults, client._engineConfig?.transactionOptions);
    const aroundOf = (extended: ExtensibleClient): Around => {
      const facts = new ClientFacts(extended);
      return groupedHook(reads, (hook, isInnermost) => {
        const call = callOf(hook, facts, isInnermost);
        const { owner } = call;
        owner.advise = advise;
        // Those that Prisma opens by itself would else wait, and take, as long as they like.
        if (!call.transaction) owner.limits = limits;
        return run(call);
      });
    };
    cache.knowModels(() => new ClientFacts(client).models);
    const $transaction = guardedTransaction(client, transactions, calls);
    const extended = extendInnermost(
      client,
      {
        model: { $allModels: { findManyGrouped: findManyGrouped(reads) } },
        client: { $transaction, $lifeguard: cache },
      },
      aroundOf,
    );
    return clientFace(extended, calls);
  };
  return extend as unknown as Extension;
}

/** Read when somebody wants advice; where Prisma keeps it elsewhere, there is less of that. */
function schemaOf(client: ExtensibleClient): Schema | undefined {
  const text = client._engineConfig?.inlineSchema;
  return text === undefined ? undefined : new Schema(text);
}

const NO_PATH: readonly string[] = [];

function callOf(
  { model, operation, args, copy, query, __internalParams }: HookCall,
  client: ClientFacts,
  isInnermost: boolean,
): Call {
  const kind = __internalParams?.transaction?.kind;
  const transaction = kind === 'itx' || kind === 'batch' ? kind : undefined;
  // The whole batch runs in the name of its first item.
  const outer = currentContext()?.owner as Operation | undefined;
  const owner = begunOperation({ model, operation }, transaction === 'batch');
  owner.args = args;
  owner.isInTransaction = transaction === 'itx';
  if (transaction === 'batch' && outer?.attempt && outer !== owner) owner.isItemOf(outer);
  const path = __internalParams?.dataPath ?? NO_PATH;
  return { model, operation, args, copy, transaction, owner, path, client, isInnermost, query };
}
