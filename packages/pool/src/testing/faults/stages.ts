import type { FaultWorld } from './fault-world.ts';
import { DEADLINE_MILLIS, MAX } from './terms.ts';

/** What the pool is at when a fault strikes. */
export interface Stage {
  readonly name: string;
  /** Brings the pool there. */
  before(world: FaultWorld): Promise<void>;
  /** The fault has struck. */
  after(world: FaultWorld): void;
}

const MANNERS = ['hurried', 'patient'] as const;
/** A login has three round trips: long enough to strike in the midst of it. */
const LOGIN_DELAY_MILLIS = 50;
const SHARERS = 5;

function newcomers({ callers }: FaultWorld): void {
  for (const manner of MANNERS) {
    callers.read(manner);
    callers.write(manner);
    callers.transaction(manner);
    callers.read(manner);
  }
}

/** Statements on the shared lane that are under way until the gate opens. */
function share({ callers, pool }: FaultWorld): void {
  for (let i = 0; i < SHARERS; i++) {
    for (const manner of MANNERS) callers.share(manner);
  }
  const { inFlight } = pool.stats();
  const isShared = inFlight > MAX || !callers.areQuick;
  if (!isShared) throw new Error(`only ${inFlight} statements share ${MAX} connections`);
}

/** Resolves when so many of the pool's sessions stand at the gate. */
function atTheGate(world: FaultWorld, count: number): Promise<void> {
  return world.until(async () => (await world.sessions(`wait_event_type = 'Lock'`)) >= count);
}

export const STAGES = {
  idle: {
    name: 'idle',
    before: (world) => world.warmUp(),
    after: newcomers,
  },
  shared: {
    name: 'shared',
    async before(world) {
      await world.warmUp();
      await world.shutGate();
      share(world);
      await atTheGate(world, 1);
    },
    after: newcomers,
  },
  checkout: {
    name: 'checkout',
    async before(world) {
      await world.warmUp();
      await world.shutGate();
      for (const manner of MANNERS) world.callers.transaction(manner);
      await atTheGate(world, MANNERS.length);
    },
    after: newcomers,
  },
  connecting: {
    name: 'connecting',
    async before(world) {
      world.proxy.delay(LOGIN_DELAY_MILLIS);
      newcomers(world);
      await world.until(async () => (await world.sessions()) > 0);
      world.proxy.delay(0);
    },
    after: newcomers,
  },
  draining: {
    name: 'draining',
    async before(world) {
      await world.warmUp();
      await world.shutGate();
      world.callers.transaction('patient');
      await atTheGate(world, 1);
      share(world);
      newcomers(world);
      world.end(DEADLINE_MILLIS);
    },
    after: ({ callers }) => callers.refused(),
  },
} as const satisfies Record<string, Stage>;
