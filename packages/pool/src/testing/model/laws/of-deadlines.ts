/** Every promise settles: at the latest at its deadline, and a little. */
import type { Call } from '../call.ts';
import type { PoolWorld } from '../pool-world.ts';
import { slackOf } from './of-sending.ts';

/** How late a caller may learn that its deadline has passed. */
const GRACE_MILLIS = 100;
/** How long the end of a transaction may take whose deadline had passed before. */
const LATE_END_MILLIS = 1_000;

export function lawsOfDeadlines(world: PoolWorld): Record<string, boolean> {
  const late = world.callers.unsettled.find((call) => isLate(world, call));
  const aborted = world.callers.unsettled.find(isIgnored);
  return {
    [`${late?.id} (${late?.kind}) is not settled at its deadline`]: late !== undefined,
    [`${aborted?.id} was aborted, and is not settled`]: aborted !== undefined,
  };
}

function isLate(world: PoolWorld, call: Call): boolean {
  const { now } = world;
  if (call.state === 'waiting') return now > call.deadline + GRACE_MILLIS;
  if (!call.hold) return now > call.answerBy + GRACE_MILLIS || isBeyondLimit(world, call);
  if (call.state === 'said') return isHeldTooLong(world, call);
  return call.state === 'under way' && isStatementLate(world, call);
}

/** The server keeps its own limit, and the pool watches it, as far as the network lets it see. */
function isBeyondLimit(world: PoolWorld, call: Call): boolean {
  const { options, now, views } = world;
  const { statementTimeoutMillis } = options;
  if (statementTimeoutMillis === 0) return false;
  const view = [...views.values()].find(({ lane }) => lane[0]?.call === call);
  if (!view?.isOpen) return false;
  const since = Math.max(call.sentAt, view.lastReadyAt);
  return now - since > statementTimeoutMillis + GRACE_MILLIS + slackOf(world);
}

/**
 * A holder's statement is told by the server, or by the loss of a connection that has gone silent; one that
 * stands before or behind another's, at once.
 */
function isStatementLate({ now }: PoolWorld, call: Call): boolean {
  const { hold, answerBy } = call;
  if (!hold?.view.isOpen) return false;
  const { view } = hold;
  const [head] = view.wire;
  if (head?.by !== 'holder') return false;
  const isFirst = view.wire.find((sent) => 'hold' in sent && sent.hold === hold);
  if (!isFirst || (dueOf(head.call) > answerBy && head.hold === hold)) return false;
  const isShared = view.hasEndAhead && (head.hold !== hold || hold.hasParted);
  const since = isShared ? 0 : view.session.heardAt;
  return now > Math.max(dueOf(call), since) + GRACE_MILLIS;
}

/** Also whoever is late has to tidy up. */
function dueOf({ kind, answerBy, calledAt, sentAt }: Call): number {
  const isEnd = kind === 'commit' || kind === 'rollback';
  const saidAt = Number.isNaN(sentAt) ? calledAt : sentAt;
  return isEnd && answerBy <= saidAt ? saidAt + LATE_END_MILLIS : answerBy;
}

/** What can't be sent yet waits as others do. */
function isHeldTooLong({ now, options }: PoolWorld, call: Call): boolean {
  const { hold, calledAt } = call;
  if (!hold?.view.isOpen) return false;
  const bound = calledAt + (options.connectionTimeoutMillis || Infinity);
  return now > Math.min(bound, dueOf(call)) + GRACE_MILLIS;
}

/** Whoever waits, or has a statement under way, is told at once. */
function isIgnored({ isAborted, hold, kind, state }: Call): boolean {
  return isAborted && !hold && kind !== 'session' && state !== 'settled';
}
