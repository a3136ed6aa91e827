import type { Guard, OperationKind } from '@lifeguard/guard';
import { translateGuard } from '../errors/guards-word.ts';
import { restoreOrigin } from '../errors/known-error.ts';
import type { PoolFacts } from '../errors/translate.ts';
import { now } from '../transaction/now.ts';
import { settleArguments } from './arguments.ts';
import { JoinedReads } from './joined-reads.ts';
import { isOfDatabase, kindAfter } from './kind-after.ts';
import type { Call, Run } from './layer.ts';
import { isRead } from './reads.ts';

/**
 * Asks Prisma behind the guard: within its deadline, tried again where that is safe, refused at once while
 * the database is not there. A refusal comes before Prisma is asked.
 *
 * What runs in a transaction passes: a statement repeated alone would run outside of it, and a refused one
 * would only end it. `$transaction` itself is guarded as a whole.
 *
 * An error is given back its cause and outcome, which Prisma's copy of it has lost.
 */
export function guarded(guard: Guard, facts: PoolFacts): Run {
  const boundMillis = facts.options.connectionTimeoutMillis || Infinity;
  const tellError = (error: unknown) => translateGuard(error, facts);
  const joinedReads = new JoinedReads();
  return (call) => {
    // Prisma's promises are lazy, and none of the language's own: `await` would cost two promises more.
    if (call.transaction) return call.query(call.args).then(undefined, throwRestored);
    const begun = now();
    const { owner } = call;
    let isLater = false;
    const attempt = () => {
      if (isLater) settleArguments(call);
      owner.attempts++;
      joinedReads.note(call);
      return call.query(call.args);
    };
    const answer = guard.run(attempt, {
      kind: (found, error) => kindAfter(kindOf(call), found, error, now() - begun, boundMillis),
      label: owner.label,
      waitMillis: boundMillis,
      isOfDatabase,
      readError: restoreOrigin,
      tellError,
    });
    isLater = true;
    return answer;
  };
}

function throwRestored(error: unknown): never {
  throw restoreOrigin(error);
}

/** Asked only of what has failed. */
function kindOf(call: Call): OperationKind {
  if (isRead(call)) return 'read';
  // Of several statements one has been answered: what the others say is not true of the whole.
  return call.owner.hasRun ? 'once' : 'write';
}
