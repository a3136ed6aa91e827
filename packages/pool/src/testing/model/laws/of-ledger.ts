/** What is there for good, against what callers were told. */
import type { Call } from '../call.ts';
import type { PoolWorld } from '../pool-world.ts';
import { broken } from './broken.ts';
import { isOfServer, isWrite, SHUTDOWN } from './of-outcomes.ts';

export function lawsOfLedger(world: PoolWorld): string[] {
  return world.callers.calls.filter(isWrite).flatMap((call) => lawsOfWrite(world, call));
}

function lawsOfWrite({ server }: PoolWorld, call: Call): string[] {
  const { id, error } = call;
  const times = server.ledger.get(id) ?? 0;
  const isThere = times > 0;
  return broken({
    [`${id} is there ${times} times`]: times > 1,
    [`${id} failed, and is there`]: isThere && error !== undefined && isCertain(error),
    [`${id} was acknowledged with its transaction, and is not there`]:
      !isThere && !error && isCommitted(call),
    [`${id} is there, and its transaction was not committed`]: isThere && isUndone(call),
  });
}

/** The server has said that it has not done it, or the pool that it was not sent. */
function isCertain({ code, outcome }: { code?: unknown; outcome?: unknown }): boolean {
  if (outcome === 'unknown') return false;
  return outcome !== undefined || (isOfServer(code) && code !== SHUTDOWN);
}

/** Its holder was told so. */
function isCommitted({ transaction }: Call): boolean {
  const end = transaction?.end;
  if (!end || end.error || transaction?.ranOutside) return false;
  return end.kind !== 'rollback' && end.answered === 'COMMIT';
}

/** Nobody has said COMMIT, or was told that it had failed. */
function isUndone({ transaction, ranIn }: Call): boolean {
  if (!transaction || !ranIn) return false;
  const { end } = transaction;
  if (!end || end.kind === 'rollback') return true;
  return end.error !== undefined ? isCertain(end.error) : end.answered === 'ROLLBACK';
}
