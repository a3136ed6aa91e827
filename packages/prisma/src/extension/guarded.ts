import type { Guard, OperationKind } from '@lifeguard/guard';
import { translateGuard } from '../errors/guards-word.ts';
import { restoreOrigin } from '../errors/known-error.ts';
import type { PoolFacts } from '../errors/translate.ts';
import { now } from '../transaction/now.ts';
import { kindAfter } from './kind-after.ts';
import type { Call, Layer } from './layer.ts';
import { isRead } from './reads.ts';

/**
 * An operation behind the guard: within its deadline, tried again where that is safe, refused at once while
 * the database is not there. A refusal comes before Prisma is asked.
 *
 * What runs in a transaction passes: a statement repeated alone would run outside of it, and a refused one
 * would only end it. `$transaction` itself is guarded as a whole.
 */
export function guarded(guard: Guard, facts: PoolFacts): Layer {
  const boundMillis = facts.options.connectionTimeoutMillis || Infinity;
  return async (call, next) => {
    if (call.transaction) return restored(next);
    const begun = now();
    try {
      return await guard.run(() => restored(next), {
        kind: (found, error) => kindAfter(kindOf(call), found, error, now() - begun, boundMillis),
        label: call.owner.label,
      });
    } catch (error) {
      throw translateGuard(error, facts);
    }
  };
}

/** Asked only of what has failed. */
function kindOf(call: Call): OperationKind {
  if (isRead(call)) return 'read';
  // Of several statements one has been answered: what the others say is not true of the whole.
  return call.owner.hasRun ? 'once' : 'write';
}

/**
 * Gives an error its cause and outcome back, which Prisma's copy of it has lost. Without `await`, which would
 * take Prisma's promise, as it is none of the language's own, by a way of two promises more.
 */
function restored(next: () => Promise<unknown>): Promise<unknown> {
  return next().then(undefined, (error) => {
    throw restoreOrigin(error);
  });
}
