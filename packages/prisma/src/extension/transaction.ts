import type { Guard, OperationKind } from '@lifeguard/guard';
import { withHold, withOwner } from '@lifeguard/pool';
import { translateGuard } from '../errors/guards-word.ts';
import { restoreOrigin } from '../errors/known-error.ts';
import type { PoolFacts } from '../errors/translate.ts';
import { clientFace } from '../faces/client-face.ts';
import type { CallRegistry } from '../faces/operation-calls.ts';
import { Attempt, type TransactionLimits } from '../transaction/attempt.ts';
import { type Body, inTime, LONGEST_MILLIS } from '../transaction/in-time.ts';
import { now } from '../transaction/now.ts';
import { limitsFrom, readRetry, type TransactionDefaults } from '../transaction/options.ts';
import type { ExtensibleClient } from './client.ts';
import { kindAfter } from './kind-after.ts';
import { Operation } from './operation.ts';

/** Prisma's own timer for the start is only there in case: the pool's says who holds the connections. */
const AFTER_THE_POOL_MILLIS = 150;

const NAME = { operation: '$transaction' };

/** What transactions need of the client's other parts. */
export interface TransactionSetup {
  readonly guard: Guard;
  readonly facts: PoolFacts;
  readonly defaults: TransactionDefaults;
  /** Around the whole, batches too, with all its attempts. */
  readonly around: (transaction: () => Promise<unknown>) => Promise<unknown>;
}

interface CallOptions extends Partial<TransactionLimits> {
  readonly retry?: unknown;
}

/**
 * `$transaction` with its limits, behind the guard: its start is no operation, so that the layers do not
 * see it. Nothing within a transaction is tried again by itself; as a whole it is when `retry` says so.
 */
export function guardedTransaction(
  client: ExtensibleClient,
  setup: TransactionSetup,
  calls: CallRegistry,
) {
  const { $transaction } = client;
  const tellError = (error: unknown) => restoreOrigin(translateGuard(error, setup.facts));
  const defaultRetry = readRetry(setup.defaults.retry);
  return function begin(this: object, work: unknown, given?: CallOptions | null): Promise<unknown> {
    const site = calls.siteOfTransaction(begin);
    const { retry: givenRetry, ...options } = given ?? {};
    const call = async (...args: unknown[]) => await $transaction.apply(this, args);
    if (isWithin(this)) {
      if (givenRetry === undefined) return call(work, given);
      throw new TypeError('retry belongs to the outermost $transaction: only it can be run again');
    }
    const retry = givenRetry === undefined ? defaultRetry : readRetry(givenRetry);
    const limits = limitsFrom(options, setup.defaults, client._engineConfig?.transactionOptions);
    const forPrisma = {
      ...options,
      timeout: Math.min(limits.timeout, LONGEST_MILLIS),
      maxWait: Math.min(limits.maxWait + AFTER_THE_POOL_MILLIS, LONGEST_MILLIS),
    };
    const owner = new Operation(NAME, NAME.operation, site);
    let attempt = new Attempt(limits);
    const once = () => {
      attempt = new Attempt(limits);
      owner.attempt = attempt;
      owner.attempts++;
      const run = (first: unknown) => call(first, forPrisma);
      if (typeof work !== 'function') return withOwner(owner, () => run(work));
      const body: Body = async (tx) => await work(clientFace(tx as ExtensibleClient, calls));
      // The body holds a connection: what the outer client asks for in it, it asks in addition.
      return withOwner(owner, () => withHold(() => inTime(attempt, body, run)));
    };
    const kind = (error: unknown): OperationKind => {
      // Nor is it begun again because of something else that its body does.
      if (retry) return attempt.isOwnFailure(error) ? 'transaction' : 'once';
      // What the application has done in it can't be undone; before that, nothing has been done.
      return attempt.hasBegunBody ? 'once' : 'write';
    };
    const begun = now();
    const whole = () =>
      setup.guard.run(once, {
        kind: (found, error) => kindAfter(kind(error), found, error, now() - begun, limits.maxWait),
        label: NAME.operation,
        // It needs a connection to itself: while there is none, reads are served all the same.
        ignoresWaits: true,
        waitMillis: limits.maxWait,
        isOfDatabase: (error) => attempt.isOwnFailure(error),
        attempts: typeof retry === 'object' ? retry.attempts : undefined,
        deadlineMillis: Infinity,
        tellError,
      });
    const ended = (hasFailed: boolean) => calls.ended(owner, now() - begun, hasFailed);
    return setup.around(whole).then(
      (result) => {
        ended(false);
        return result;
      },
      (error) => {
        ended(true);
        throw error;
      },
    );
  };
}

/** Prisma takes `$connect` out of the client that it gives to the body of a transaction. */
function isWithin(client: object): boolean {
  return !('$connect' in client);
}
