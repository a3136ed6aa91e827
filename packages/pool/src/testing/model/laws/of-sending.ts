/** What has to hold when the pool gives a connection to somebody, or writes to it. */
import { mostWholes } from '../../../dispatch/choose.ts';
import type { Call } from '../call.ts';
import type { ClientView } from '../client-view.ts';
import type { Hold } from '../hold.ts';
import type { PoolWorld } from '../pool-world.ts';
import { broken } from './broken.ts';

/** When a statement of the shared lane is written to a connection. */
export function lawsAtSend(
  world: PoolWorld,
  view: ClientView,
  call: Call,
  isAgain: boolean,
): string[] {
  const { id } = call;
  const { lane, wire } = view;
  const isShort = world.queueOf(call) === 'short';
  return broken({
    ...lawsOfConnection(view, call),
    [`${id} was refused and sent`]: call.isSettled,
    [`${id} was sent behind a holder's statement`]:
      wire.length > lane.length + (view.hasEndAhead ? 1 : 0),
    // One that goes again because its plan was stale stays where it is, whatever it is.
    ...(!isAgain && {
      ...lawOfTelling(view, call),
      [`${id} was sent beyond the depth`]: lane.length >= depthOf(world),
      [`${id} was sent behind a capped lane`]: view.cap !== undefined,
      [`${id} is not short and was sent behind others`]: !isShort && lane.length > 0,
      [`${id} was sent behind an overdue statement`]: view.isOverdue(world.now, slackOf(world)),
      ...lawsOfOrder(world, call),
      ...lawsOfUse(world, view, call),
    }),
  });
}

/** When a connection is lent. */
export function lawsAtLend(world: PoolWorld, view: ClientView, call: Call): string[] {
  const { id } = call;
  return broken({
    ...lawsOfConnection(view, call),
    ...lawOfTelling(view, call),
    [`${id} was lent a connection with statements under way`]:
      view.wire.length > (view.hasEndAhead ? 1 : 0),
    [`${id} was lent a connection that pipelines`]: view.client.pipeline && !view.hasEndAhead,
    [`${id} was lent a connection with a face that another has`]: view.holds.length > 1,
    ...lawsOfOrder(world, call),
    ...lawsOfUse(world, view, call),
  });
}

/** When a holder's statement is written. */
export function lawsAtSay({ view, hasParted }: Hold, { id }: Call): string[] {
  const isAnothers = view.current !== undefined || view.lane.length > 0;
  return broken({
    [`${id} was said on a connection that others have`]: hasParted && isAnothers,
  });
}

function lawsOfUse(world: PoolWorld, view: ClientView, { id }: Call): Record<string, boolean> {
  const isUsedUp = view.lane.length === 0 && view.uses >= world.options.maxUses;
  return {
    [`${id} got a connection that is used up`]: isUsedUp,
    [`${id} got a connection that is to go`]: view.isRetiring,
    [`${id} got a connection that a cancel request may strike`]: view.isCancelling,
  };
}

function lawOfTelling({ lastHold }: ClientView, { id }: Call): Record<string, boolean> {
  return {
    [`${id} got the connection of ${lastHold?.call.id}, of which the pool has not told`]:
      lastHold?.isOver === true && isNotToldOf(lastHold),
  };
}

function lawsOfConnection(view: ClientView, { id }: Call): Record<string, boolean> {
  return {
    [`${id} got a connection that is lent`]: view.current !== undefined,
    [`${id} got a connection that is not open`]: !view.isOpen,
    [`${id} got a connection that is in a transaction`]:
      view.session.backend.status !== 'I' && !view.hasEndAhead,
  };
}

/** It has left its transaction open, and nothing of it had failed: the pool has to say so. */
function isNotToldOf({ isLeftOpen, abandonedTimes, calls }: Hold): boolean {
  return isLeftOpen && abandonedTimes === 0 && !calls.some(({ error }) => error);
}

/** First come, first served by rank: shorts among themselves, and all others among themselves. */
function lawsOfOrder(world: PoolWorld, call: Call): Record<string, boolean> {
  const queue = world.queueOf(call);
  const allowed = allowedWholes(world);
  const wholesWait = allowed <= 0;
  const mayWait = allowed - unheardLosses(world) <= 0;
  const older = world.callers.calls.find((other) => {
    if (other === call || other.state !== 'waiting' || other.rank >= call.rank) return false;
    // It has left its place, and is told in a moment.
    if (other.isAborted) return false;
    const otherQueue = world.queueOf(other);
    if (queue === 'short' || otherQueue === 'short') return queue === otherQueue;
    return otherQueue === queue || !(otherQueue === 'whole' && mayWait);
  });
  return {
    [`${call.id} was served before ${older?.id}`]: older !== undefined,
    [`${call.id} took the connection that is reserved for others`]: queue === 'whole' && wholesWait,
  };
}

/** Connections that have ended, of which the pool hears in a moment: until then they count. */
function unheardLosses({ core, views }: PoolWorld): number {
  return core.clients.filter((client) => views.get(client)?.session.isOver).length;
}

export function depthOf({ options }: PoolWorld): number {
  return options.multiplex ? options.multiplexDepth : 1;
}

/** How many more connections may be lent, or busy with long statements. */
export function allowedWholes(world: PoolWorld): number {
  const wholes = [...world.views.values()].filter(({ isWhole }) => isWhole).length;
  return mostWholes(world.options) - wholes;
}

/** What the pool may take for the network's share: what its questions took at most, there and back. */
export function slackOf({ wiretap }: PoolWorld): number {
  return 2 * wiretap.longestProbe;
}
