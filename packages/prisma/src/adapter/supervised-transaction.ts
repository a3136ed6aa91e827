import { currentContext, withContext, withDeadline } from '@lifeguard/pool';
import { isCutShort, isLostConnection } from '../errors/kinds.ts';
import { type Failure, type PoolFacts, translate } from '../errors/translate.ts';
import type { Attempt } from '../transaction/attempt.ts';
import { now } from '../transaction/now.ts';
import type { Statement, Transaction } from './adapter-types.ts';
import { Loss } from './loss.ts';
import { originOf, rememberOrigins } from './origins.ts';

/**
 * How long a COMMIT may take whose transaction may take less: it waits for standbys as well, and to cancel it
 * leaves nothing of what the caller has done.
 */
const COMMIT_MILLIS = 5_000;
/** How long a ROLLBACK may take before the connection is given up; then the server rolls back as well. */
const ROLLBACK_MILLIS = 1_000;

type Kind = 'statement' | 'commit' | 'rollback';

/**
 * Translates a transaction's errors, and keeps it within its time: the pool cancels what still runs when
 * the time is up, so that the connection is free at once. Prisma's own timer only queues a ROLLBACK behind.
 *
 * A COMMIT that is under way then is waited for: it is too late to change one's mind.
 */
export function superviseTransaction(
  transaction: Transaction,
  attempt: Attempt | undefined,
  facts: PoolFacts,
): Transaction {
  rememberOrigins(transaction);
  const loss = new Loss(transaction);

  async function run<Result>(kind: Kind, execute: () => Promise<Result>): Promise<Result> {
    const leftMillis = attempt?.leftMillis ?? Infinity;
    if (attempt && kind === 'statement' && leftMillis <= 0) throw attempt.expired('query');
    if (attempt && kind === 'commit') attempt.isCommitting = true;
    const allowed = {
      statement: leftMillis,
      commit: Math.max(attempt?.limits.timeout ?? Infinity, COMMIT_MILLIS),
      rollback: ROLLBACK_MILLIS,
    };
    try {
      const limited = () => withDeadline(allowed[kind], execute);
      // Whoever has the connection next needs the end of it, also when the caller's own time is up.
      if (kind !== 'rollback') return await limited();
      return await withContext({ ...currentContext(), deadline: undefined }, limited);
    } catch (thrown) {
      const where = kind === 'commit' ? 'commit' : 'transaction';
      const isLate = now() >= (currentContext()?.deadline ?? Infinity);
      const origin = originOf(thrown);
      const first = loss.explain({ origin, thrown, where, isLate });
      const told = explain(kind, first);
      attempt?.failed(origin, thrown, first.origin, told);
      throw told;
    }
  }

  function explain(kind: Kind, first: Failure): unknown {
    if (!attempt || attempt.leftMillis > 0) return translate(first, facts);
    if (kind === 'commit') {
      // One whose connection is lost may have been done.
      if (isCutShort(first.origin)) return attempt.expired('commit', first.origin);
    } else if (isCutShort(first.origin) || isLostConnection(first.origin)) {
      return attempt.expired('query', first.origin);
    }
    return translate(first, facts);
  }

  const { queryRaw, executeRaw, commit, rollback } = transaction;
  transaction.queryRaw = (statement) =>
    run('statement', () => queryRaw.call(transaction, statement));
  transaction.executeRaw = (statement) =>
    run(kindOf(statement), () => executeRaw.call(transaction, statement));
  transaction.commit = () => {
    loss.over();
    return commit.call(transaction);
  };
  transaction.rollback = () => {
    loss.over();
    return rollback.call(transaction);
  };
  return transaction;
}

function kindOf({ sql }: Statement): Kind {
  if (sql === 'COMMIT') return 'commit';
  return sql === 'ROLLBACK' ? 'rollback' : 'statement';
}
