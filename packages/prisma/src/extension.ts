import {
  currentContext,
  PoolError,
  withContext,
  withDeadline,
  withHold,
  withOwner,
} from '@lifeguard/pool';
import { type Operation, operationOf } from './owners.ts';
import { withCause } from './prisma-errors.ts';

/** An extension that changes no type of the client it is applied to. */
// biome-ignore lint/suspicious/noExplicitAny: Prisma's own type of `$extends` takes any client here
export type Extension = (client: any) => {
  $extends: {
    // biome-ignore lint/complexity/noBannedTypes: Prisma's own empty arguments
    extArgs: { result: {}; model: {}; query: {}; client: {} };
  };
};

interface OperationCall {
  model?: string;
  operation: string;
  args: unknown;
  query: (args: unknown) => Promise<unknown>;
  /** Private to Prisma; looked at, never relied upon. */
  __internalParams?: { transaction?: { kind?: string } };
}

type Transaction = (this: unknown, ...args: unknown[]) => Promise<unknown>;

interface TransactionOptions {
  maxWait?: number;
}

interface ExtensibleClient {
  $transaction: Transaction;
  $extends(extension: object): ExtensibleClient;
  /** Private to Prisma: the defaults that the client was made with. */
  _engineConfig?: { transactionOptions?: TransactionOptions };
}

/** Prisma's own timer rings first, so that its caller gets the error that it expects, P2028. */
const AFTER_PRISMA_MILLIS = 100;

/**
 * Starts a transaction whose caller gives up after `maxWait`: then its place in the queue is given up
 * too. Prisma would leave it there, and a connection would serve BEGIN and ROLLBACK for nobody.
 */
function startUntil(
  maxWait: number | undefined,
  [work, ...rest]: unknown[],
  start: (args: unknown[]) => Promise<unknown>,
): Promise<unknown> {
  if (maxWait === undefined) return start([work, ...rest]);
  // What the transaction does is not bound by the time to start it.
  const outer = currentContext();
  const unbounded =
    typeof work === 'function'
      ? (...args: unknown[]) => withContext(outer, () => work(...args))
      : work;
  return withDeadline(maxWait + AFTER_PRISMA_MILLIS, () => start([unbounded, ...rest]));
}

/** Runs one operation under its name, and gives a refusal its cause back. */
async function runOwned(call: OperationCall): Promise<unknown> {
  const { model, operation, args, query, __internalParams } = call;
  const isBatch = __internalParams?.transaction?.kind === 'batch';
  const owner: Operation = operationOf(model, operation, isBatch);
  // Awaited inside: Prisma's promises are lazy and would start outside of the context.
  return withOwner(owner, async () => {
    try {
      return await query(args);
    } catch (error) {
      if (owner.refusal instanceof PoolError && error instanceof Error && error !== owner.refusal) {
        withCause(error, owner.refusal);
      }
      throw error;
    }
  });
}

/** Tells the pool which operation, and which transaction, each statement and checkout belongs to. */
export function ownerExtension(): Extension {
  const extend = (client: ExtensibleClient) => {
    const { $transaction } = client;
    return client.$extends({
      name: 'lifeguard',
      query: { $allOperations: runOwned },
      client: {
        // The start of a transaction is no operation, so that the hook above does not see it.
        $transaction(this: unknown, ...args: unknown[]) {
          const owner = operationOf(undefined, '$transaction');
          const options = args[1] as TransactionOptions | undefined;
          const maxWait = options?.maxWait ?? client._engineConfig?.transactionOptions?.maxWait;
          const start = () =>
            startUntil(maxWait, args, async (all) => await $transaction.apply(this, all));
          // The body holds a connection: what the outer client asks for in it, it asks in addition.
          const isBody = typeof args[0] === 'function';
          return withOwner(owner, () => (isBody ? withHold(start) : start()));
        },
      },
    });
  };
  return extend as unknown as Extension;
}
