import { currentContext, withContext, withDeadline, withHold, withOwner } from '@lifeguard/pool';
import type { ExtensibleClient } from './extension.ts';
import { operationOf } from './operation.ts';

/** Prisma's own timer rings first, so that its caller gets the error that it expects, P2028. */
const AFTER_PRISMA_MILLIS = 100;

/** `$transaction` under an owner: its start is no operation, so that the layers do not see it. */
export function ownedTransaction(client: ExtensibleClient) {
  const { $transaction } = client;
  return function (this: unknown, ...args: unknown[]): Promise<unknown> {
    const options = args[1] as { maxWait?: number } | undefined;
    const maxWait = options?.maxWait ?? client._engineConfig?.transactionOptions?.maxWait;
    const start = () =>
      startUntil(maxWait, args, async (all) => await $transaction.apply(this, all));
    // The body holds a connection: what the outer client asks for in it, it asks in addition.
    const isBody = typeof args[0] === 'function';
    return withOwner(operationOf(undefined, '$transaction'), () =>
      isBody ? withHold(start) : start(),
    );
  };
}

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
