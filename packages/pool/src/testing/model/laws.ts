/** What has to hold of a pool, as far as it shows from outside. */
import type { Call } from './call.ts';
import type { ClientView } from './client-view.ts';
import type { PoolWorld } from './pool-world.ts';

/** How late a caller may learn that its deadline has passed. */
const GRACE_MILLIS = 100;
/** The longest that a refusing server is left alone, and the timer's own turn. */
const LONGEST_BACK_OFF_MILLIS = 501;
/** Timers count whole milliseconds. */
const TIMER_MILLIS = 1;
const RESERVE_FROM_MAX = 3;

/** When a statement of the shared lane is written to a connection. */
export function lawsAtSend(
  world: PoolWorld,
  view: ClientView,
  call: Call,
  isAgain: boolean,
): string[] {
  const { wire } = view;
  const queue = world.queueOf(call);
  return broken({
    ...lawsOfConnection(view, call),
    [`${call.id} was refused and sent`]: call.state === 'settled',
    [`${call.id} was sent to a connection that is lent`]: view.hold !== undefined,
    [`${call.id} was sent behind a holder's statement`]: wire.some(({ by }) => by !== 'lane'),
    // One that goes again because its plan was stale stays where it is, whatever it is.
    ...(!isAgain && {
      [`${call.id} was sent beyond the depth`]: wire.length >= depthOf(world),
      [`${call.id} was sent behind a capped lane`]: view.cap !== undefined,
      [`${call.id} is not short and was sent behind others`]: queue !== 'short' && wire.length > 0,
      [`${call.id} was sent behind an overdue statement`]:
        wire.length > 0 && view.isOverdue(world.clock.now()),
      ...lawsOfOrder(world, call),
      ...lawsOfUse(world, view, call),
    }),
  });
}

/** When a connection is lent. */
export function lawsAtLend(world: PoolWorld, view: ClientView, call: Call): string[] {
  return broken({
    ...lawsOfConnection(view, call),
    [`${call.id} was lent a connection that is lent`]: view.hold !== undefined,
    [`${call.id} was lent a connection that pipelines`]: view.client.pipeline,
    [`${call.id} was lent a connection with statements under way`]: view.wire.length > 0,
    ...lawsOfOrder(world, call),
    ...lawsOfUse(world, view, call),
  });
}

function lawsOfUse(world: PoolWorld, view: ClientView, call: Call): Record<string, boolean> {
  const isUsedUp = view.wire.length === 0 && view.uses >= world.options.maxUses;
  return { [`${call.id} got a connection that is used up`]: isUsedUp };
}

function lawsOfConnection(view: ClientView, call: Call): Record<string, boolean> {
  return {
    [`${call.id} got a connection that is not open`]: !view.isOpen,
    [`${call.id} got a connection that is in a transaction`]: view.session.status !== 'I',
  };
}

/** First come, first served: shorts among themselves, and all others among themselves. */
function lawsOfOrder(world: PoolWorld, call: Call): Record<string, boolean> {
  const queue = world.queueOf(call);
  const wholesWait = allowedWholes(world) <= 0;
  const older = world.callers.calls.find((other) => {
    if (other.state !== 'waiting' || Number(other.id) >= Number(call.id)) return false;
    const otherQueue = world.queueOf(other);
    if (queue === 'short' || otherQueue === 'short') return queue === otherQueue;
    return otherQueue === queue || !(otherQueue === 'whole' && wholesWait);
  });
  return {
    [`${call.id} was served before ${older?.id}`]: older !== undefined,
    [`${call.id} took the connection that is reserved for others`]: queue === 'whole' && wholesWait,
  };
}

/** When nothing is going on: everything that can be done has been done. */
export function lawsAtRest(world: PoolWorld): string[] {
  const { core, clock, options, server } = world;
  const { waiting } = world.callers;
  const now = clock.now();
  const views = openViews(world);
  const idle = views.filter(({ isIdle }) => isIdle).length;
  const late = waiting.find(({ deadline }) => now > deadline + GRACE_MILLIS);
  const overtaken = waiting.find((call) => call.overtaken > options.max);
  const idler = views.find((view) => isKeptTooLong(world, view, views.length));
  const leak = options.leakThresholdMillis;
  return broken({
    [`${server.open.length} connections are open`]: server.open.length > options.max,
    [`the pool counts ${core.total} connections`]: core.total > options.max,
    [`${waiting.length} wait, the pool says ${core.pending}`]: core.pending !== waiting.length,
    [`${idle} connections are idle, the pool says ${core.idleClients.length}`]:
      core.idleClients.length !== idle,
    [`${late?.id} waits beyond its deadline`]: late !== undefined,
    [`${overtaken?.id} still waits, and ${overtaken?.overtaken} younger ones were served`]:
      overtaken !== undefined,
    [`a connection is idle since ${idler?.idleSince}, of ${idler?.openedAt}`]: idler !== undefined,
    'more wait than maxWaiting': waiting.length > options.maxWaiting,
    'a leak was told too often, too early or not at all': world.holds.some(
      ({ leaks, since }) => leaks !== (leak > 0 && now - since >= leak ? 1 : 0),
    ),
    [`the pool told ${world.endedTimes} times that it has ended`]: world.endedTimes > 1,
    'the pool has ended while connections are open': world.endedTimes > 0 && server.open.length > 0,
    ...(world.endedTimes === 0 && lawsOfWork(world, views, idle)),
    ...(world.isEnding && lawsOfEnding(world, idle)),
  });
}

/** Idle beyond its time and not needed, or beyond its life. */
function isKeptTooLong({ clock, options }: PoolWorld, view: ClientView, open: number): boolean {
  const { idleTimeoutMillis, maxLifetimeSeconds, min } = options;
  if (view.idleSince === undefined) return false;
  const isSpare = idleTimeoutMillis > 0 && open > min;
  const now = clock.now() - TIMER_MILLIS;
  return (
    (isSpare && now - view.idleSince > idleTimeoutMillis) ||
    (maxLifetimeSeconds > 0 && now - view.openedAt > maxLifetimeSeconds * 1_000)
  );
}

/** Nobody waits beside a connection that it may take, or where one may be opened. */
function lawsOfWork(
  world: PoolWorld,
  views: readonly ClientView[],
  idle: number,
): Record<string, boolean> {
  const { core, clock, options } = world;
  const { waiting } = world.callers;
  const now = clock.now();
  const allowed = allowedWholes(world);
  const waits = (queue: string) => waiting.filter((call) => world.queueOf(call) === queue).length;
  const [shorts, alones, wholes] = [waits('short'), waits('alone'), waits('whole')];
  const needy = shorts + alones + (allowed > 0 ? wholes : 0);
  const connecting = world.server.open.some(({ state }) => state !== 'ready');
  const isFull = core.clients.length >= options.max;
  const isPatient = now - world.lastConnectFailureAt <= LONGEST_BACK_OFF_MILLIS;
  const mayGrow =
    !isFull &&
    !connecting &&
    !isPatient &&
    !views.some(({ isBeginning, isTidied }) => isBeginning || isTidied);
  const nobodyBefore = alones === 0 && (wholes === 0 || allowed <= 0);
  const open = views.find((view) => view.takesShorts(now, depthOf(world)));
  const { length } = core.clients;
  return {
    [`${needy} wait beside ${idle} idle connections`]: needy > 0 && idle > 0,
    [`${needy} wait while the pool could grow`]: needy > 0 && mayGrow,
    [`${shorts} shorts wait beside a lane with room`]:
      shorts > 0 && nobodyBefore && open !== undefined,
    [`${length} connections are fewer than min`]:
      !world.isEnding && mayGrow && length > 0 && length < options.min,
  };
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

/** Its statistics against what was seen. */
export function lawsOfStats(world: PoolWorld): string[] {
  const { core, counts, options } = world;
  const stats = core.stats();
  const views = openViews(world);
  const lanes = views.filter(({ wire }) => wire.some(({ by }) => by === 'lane'));
  const inFlight = lanes.reduce((sum, { wire }) => sum + wire.length, 0);
  const seen = {
    statements: counts.statements,
    checkouts: counts.checkouts,
    timeouts: counts.timeouts,
    shed: counts.shed,
    connects: counts.connects,
    connectFailures: counts.connectFailures,
    abandonedTransactions: counts.abandonedTransactions,
    served: counts.served,
    released: counts.released,
    pending: world.callers.waiting.length,
    inFlight,
    shared: lanes.length,
    // Whose connection was cut when the pool ended is no holder of the pool's any more.
    holders: world.isCut
      ? stats.holders.length
      : world.holds.length + views.filter(({ isSettling }) => isSettling).length,
  };
  const told: typeof seen = {
    ...stats.counts,
    served: stats.wait.count,
    released: stats.use.count,
    pending: stats.pending,
    inFlight: stats.inFlight,
    shared: stats.connections.shared,
    holders: stats.holders.length,
  };
  const differences = Object.entries(seen).map(([name, count]) => {
    const counted = told[name as keyof typeof seen];
    return [`stats() says ${name} ${counted}, there were ${count}`, counted !== count] as const;
  });
  return broken({
    ...Object.fromEntries(differences),
    'stats() has more connections than max': stats.connections.peak > options.max,
  });
}

export function openViews(world: PoolWorld): ClientView[] {
  return [...world.views.values()].filter(({ isOpen }) => isOpen);
}

function depthOf({ options }: PoolWorld): number {
  return options.multiplex ? options.multiplexDepth : 1;
}

function allowedWholes(world: PoolWorld): number {
  const { max, multiplex, reserveShared } = world.options;
  const most = multiplex && reserveShared && max >= RESERVE_FROM_MAX ? max - 1 : max;
  return most - [...world.views.values()].filter(({ isWhole }) => isWhole).length;
}

/** The names of those that do not hold. */
export function broken(laws: Record<string, boolean>): string[] {
  return Object.keys(laws).filter((law) => laws[law]);
}
