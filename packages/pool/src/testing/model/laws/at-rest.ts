/** What has to hold of a pool when nothing is going on, as far as it shows from outside. */
import type { Call } from '../call.ts';
import type { ClientView } from '../client-view.ts';
import type { PoolWorld } from '../pool-world.ts';
import { broken } from './broken.ts';
import { lawsOfDeadlines } from './of-deadlines.ts';
import { lawsOfDeadlocks } from './of-self-deadlock.ts';
import { lawsOfWork } from './of-work.ts';

/** Timers count whole milliseconds. */
const TIMER_MILLIS = 1;

/** When nothing is going on: everything that can be done has been done. */
export function lawsAtRest(world: PoolWorld): string[] {
  const { core, options, server } = world;
  const { waiting } = world.callers;
  const views = openViews(world);
  const idle = views.filter(({ isIdle }) => isIdle).length;
  const overtaken = waiting.find((call) => call.overtaken > options.max);
  const idler = views.find((view) => isKeptTooLong(world, view, views));
  const refused = world.callers.calls.find(isRefusedAndNotTold);
  return broken({
    [`${server.open.length} connections are open`]: server.open.length > options.max,
    [`the pool counts ${core.total} connections`]: core.total > options.max,
    [`${waiting.length} wait, the pool says ${core.pending}`]: core.pending !== waiting.length,
    [`${idle} connections are idle, the pool says ${core.idleClients.length}`]:
      core.idleClients.length !== idle,
    [`${overtaken?.id} still waits, and ${overtaken?.overtaken} younger ones were served`]:
      overtaken !== undefined,
    [`${refused?.id} was refused, and is not told`]: refused !== undefined,
    [`a connection is idle since ${idler?.idleSince}, of ${idler?.openedAt}`]: idler !== undefined,
    'more wait than maxWaiting': waiting.length > options.maxWaiting && !waiting.some(isAgain),
    'a leak was told too often, too early or not at all': world.holds.some(
      ({ leaks, since }) => leaks !== (isLeak(world, since) ? 1 : 0),
    ),
    [`the pool told ${world.endedTimes} times that it has ended`]: world.endedTimes > 1,
    'the pool has ended while connections are open': world.endedTimes > 0 && server.open.length > 0,
    ...lawsOfDeadlines(world),
    ...lawsOfDeadlocks(world),
    ...(world.endedTimes === 0 && lawsOfWork(world, views, idle)),
    ...(world.isEnding && lawsOfEnding(world, idle)),
  });
}

/** Those that begin again were let in before. */
function isAgain({ isAlone }: Call): boolean {
  return isAlone;
}

function isRefusedAndNotTold({ state }: Call): boolean {
  return state === 'refused';
}

function isLeak({ options, now }: PoolWorld, since: number): boolean {
  const { leakThresholdMillis } = options;
  return leakThresholdMillis > 0 && now - since >= leakThresholdMillis;
}

/** Idle beyond its time and not needed, or beyond its life. */
function isKeptTooLong(
  { clock, options }: PoolWorld,
  view: ClientView,
  open: readonly ClientView[],
): boolean {
  const { idleTimeoutMillis, maxLifetimeSeconds, min } = options;
  if (view.idleSince === undefined) return false;
  const isSpare = idleTimeoutMillis > 0 && open.length > min;
  // Perhaps only the youngest has made it so.
  const spareSince = Math.max(view.idleSince, ...open.map(({ begunAt }) => begunAt ?? Infinity));
  const now = clock.now() - TIMER_MILLIS;
  return (
    (isSpare && now - spareSince > idleTimeoutMillis) ||
    (maxLifetimeSeconds > 0 && now - view.openedAt > maxLifetimeSeconds * 1_000) ||
    view.isRetiring
  );
}

function lawsOfEnding(world: PoolWorld, idle: number): Record<string, boolean> {
  const { core, endedTimes } = world;
  const { waiting } = world.callers;
  const isDone = waiting.length === 0 && core.clients.length === 0;
  return {
    'an ending pool keeps idle connections': waiting.length === 0 && idle > 0,
    'the pool does not tell that it has ended': isDone && endedTimes === 0,
  };
}

export function openViews(world: PoolWorld): ClientView[] {
  return [...world.views.values()].filter(({ isOpen }) => isOpen);
}
