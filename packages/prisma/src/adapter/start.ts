import { PoolTimeoutError, SelfDeadlockError, withDeadline } from '@lifeguard/pool';
import { knownError } from '../errors/known-error.ts';
import { causeOf, hadNoServer, type PoolFacts, translate } from '../errors/translate.ts';
import { NOT_STARTED } from '../errors/words.ts';
import type { Attempt } from '../transaction/attempt.ts';
import type { Transaction } from './adapter-types.ts';
import { originOf } from './origins.ts';

/**
 * Starts a transaction, or gives up after `maxWait`: then its place in the queue is given up too. Prisma
 * would leave it there, and a connection would serve BEGIN and ROLLBACK for nobody.
 */
export async function startWithin(
  attempt: Attempt | undefined,
  start: () => Promise<Transaction>,
  facts: PoolFacts,
): Promise<Transaction> {
  try {
    const { maxWait = Infinity } = attempt?.limits ?? {};
    const transaction = await withDeadline(maxWait, start);
    attempt?.start();
    return transaction;
  } catch (thrown) {
    const origin = originOf(thrown);
    if (attempt && isItsOwnBound(origin, attempt, facts)) {
      throw knownError({ ...NOT_STARTED, cause: causeOf(origin), outcome: 'not-sent' });
    }
    throw translate({ origin, thrown, where: 'alone', isLate: false }, facts);
  }
}

/** It waited in vain, and would have been allowed to wait longer by the pool. */
function isItsOwnBound(error: unknown, { limits }: Attempt, { options }: PoolFacts): boolean {
  if (!(error instanceof PoolTimeoutError) || error instanceof SelfDeadlockError) return false;
  const { connectionTimeoutMillis: bound } = options;
  return limits.maxWait < (bound || Infinity) && !hadNoServer(error);
}
