/** What a caller is told, against what has happened. */
import { PoolError, PoolTimeoutError, SelfDeadlockError } from '../../../errors/index.ts';
import type { Call, Refusal } from '../call.ts';
import type { Answer } from '../callers.ts';
import type { PoolWorld } from '../pool-world.ts';
import { broken } from './broken.ts';
import { lawsOfLoss } from './of-loss.ts';

/** A server that shuts down; it is told to nobody in particular. */
export const SHUTDOWN = '57P01';
const CANCELLED = '57014';
const STALE_PLAN = '0A000';

export function isOfServer(code: unknown): code is string {
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
}

/** When a call has got its answer. */
export function lawsOfAnswer(world: PoolWorld, call: Call, answer: Answer): string[] {
  const { id, kind, profile } = call;
  switch (kind) {
    case 'checkout':
    // It has begun a transaction; what follows it there is another matter.
    case 'rogue':
      return [];
    case 'begin':
    case 'begin serializable':
      return broken(lawsOfBegin(call, answer));
    case 'modes':
    case 'set':
      return broken({ [`${id} got ${answer.command}`]: answer.command !== 'SET' });
    case 'commit':
    case 'rollback':
    case 'commit and chain':
      return broken(lawsOfEnd(call, answer));
  }
  return broken({
    [`${id} got the answer of ${answer.id}`]: `${answer.id}` !== id,
    [`${id} did not fail`]: kind === 'failing' || kind === 'fails',
    [`${id} was acknowledged and did not run once`]: world.server.executions.get(id) !== 1,
    [`${id} was acknowledged, and ran in a transaction`]:
      profile !== undefined && call.ranIn !== undefined,
    ...(isWrite(call) && {
      [`${id} was acknowledged, and is not there`]:
        !call.transaction && world.server.ledger.get(id) !== 1,
    }),
  });
}

function lawsOfBegin({ id, transaction }: Call, { command }: Answer): Record<string, boolean> {
  return {
    [`${id} got ${command}`]: command !== 'BEGIN',
    [`${id} has begun, but ${transaction?.ranOutside?.id} ran outside`]:
      transaction?.begin.id === id && transaction.ranOutside !== undefined,
  };
}

/** The end of a transaction: what its holder is told of it is what has become of it. */
function lawsOfEnd({ id, kind, transaction }: Call, answer: Answer): Record<string, boolean> {
  const { command } = answer;
  const isCommitted = transaction?.served?.isCommitted ?? false;
  const told = transaction?.statements.some(hasAnswer) ?? false;
  const isRun = transaction?.served !== undefined;
  const ranOutside = transaction?.ranOutside !== undefined || transaction?.isRefused === true;
  return {
    [`${id} got ${command}`]:
      command !== 'ROLLBACK' && (kind === 'rollback' || command !== 'COMMIT'),
    [`${id} was told that it is committed`]: command === 'COMMIT' && isRun && !isCommitted,
    [`${id} was told that it is rolled back`]: command === 'ROLLBACK' && isCommitted,
    [`${id} was told of statements that never ran`]:
      command === 'COMMIT' && !isRun && told && !ranOutside,
  };
}

/** BEGIN and modes may be answered though the server has not heard of them. */
function hasAnswer({ kind, isSettled, error }: Call): boolean {
  return isSettled && !error && !['begin', 'begin serializable', 'modes'].includes(kind);
}

/** When a call is told that it failed. */
export function lawsOfRefusal(world: PoolWorld, call: Call, error: Refusal): string[] {
  const { id, deadline, state } = call;
  const { message, outcome, code } = error;
  const wasNotSent = (state === 'waiting' && !call.isAlone) || state === 'refused';
  // A connect that fails is the callers' business only when there is no connection at all.
  const isAlone = ![...world.views.values()].some(({ isOpen }) => isOpen);
  const isOwnReason = call.isAborted && error === call.abort?.signal.reason;
  const isTold = error instanceof PoolError || isOwnReason || (isAlone && code !== '53300');
  const isTimeout = error instanceof PoolTimeoutError && !(error instanceof SelfDeadlockError);
  const isOwn = isOfServer(code) || error instanceof PoolError || isOwnReason;
  const isLoss = !isOwn && call.kind !== 'unserialisable' && call.kind !== 'unsendable';
  const laws = broken({
    [`${id} got the error of ${namedIn(message)}`]: isAnothers(call, namedIn(message)),
    [`${id} timed out before its deadline`]: isTimeout && !call.hold && world.now < deadline,
    [`${id} was refused before it had waited long enough`]:
      isTimeout && call.hold !== undefined && !hasWaited(world, call),
    [`${id} was sent, but its error says that it was not: ${message}`]:
      outcome === 'not-sent' && world.server.received.has(id) && !isUndone(world, call),
    [`${id} ran, but its error says that it did not: ${message}`]:
      outcome === 'failed' && hasTakenEffect(world, call),
    [`${id} was not sent, but its error says: unknown`]: wasNotSent && outcome === 'unknown',
    [`${id} failed with ${code}`]: isOfServer(code) && !mayFailWith(world, call, code),
    [`${id} waited and was refused with: ${message}`]: wasNotSent && !isTold,
    [`${id} was refused at its COMMIT, and is committed`]:
      isOfServer(code) &&
      code !== SHUTDOWN &&
      outcome !== 'unknown' &&
      call.transaction?.end === call &&
      call.transaction.served?.isCommitted === true,
  });
  return isLoss ? [...laws, ...lawsOfLoss(world, call, error)] : laws;
}

/** What can't be sent yet waits as others do, and what was said meanwhile is refused with it. */
function hasWaited({ options, now }: PoolWorld, { hold }: Call): boolean {
  const bound = options.connectionTimeoutMillis || Infinity;
  return (hold?.calls ?? []).some(
    (call) =>
      Number.isNaN(call.sentAt) &&
      (!call.isSettled || (call.error && call.settledAt === now)) &&
      now >= Math.min(call.calledAt + bound, call.answerBy),
  );
}

function namedIn(message: string): string | undefined {
  return /statement (\d+)/.exec(message)?.[1];
}

/** A BEGIN that is refused is told to those whom it carried. */
function isAnothers({ id, transaction }: Call, named: string | undefined): boolean {
  return named !== undefined && named !== id && named !== transaction?.begin.id;
}

function mayFailWith(world: PoolWorld, call: Call, code: string): boolean {
  if (code === SHUTDOWN) return true;
  // That a plan has gone stale is the pool's own affair, where it made the plan.
  if (code === STALE_PLAN && call.profile) return false;
  if (code === CANCELLED) return mayBeCancelled(world, call);
  const errors = [call.id, call.transaction?.begin.id ?? ''].flatMap(
    (id) => world.server.errors.get(id) ?? [],
  );
  return errors.includes(code);
}

/** Its caller wants no answer any more, or said so of what it said before; or the server has a limit. */
function mayBeCancelled(world: PoolWorld, call: Call): boolean {
  const { options, now } = world;
  if (options.statementTimeoutMillis > 0 || call.isAborted || call.strikes > 3) return true;
  if (call.hold?.view.mayBeStruckLate) return true;
  const calls = call.hold?.calls ?? [call];
  return calls.some(({ answerBy }) => now >= answerBy);
}

export function isWrite({ kind }: Call): boolean {
  return kind === 'insert' || kind === 'write' || kind === 'dooms';
}

/** It was sent and cancelled, which is as if it had not been. */
function isUndone(world: PoolWorld, call: Call): boolean {
  return call.isAlone && !hasTakenEffect(world, call);
}

function hasTakenEffect({ server }: PoolWorld, { id, kind }: Call): boolean {
  return kind !== 'failing' && kind !== 'fails' && (server.executions.get(id) ?? 0) > 0;
}
