import type { FaultWorld } from './fault-world.ts';
import { DEADLINE_MILLIS } from './terms.ts';

/** Something that goes wrong between the pool and its server. */
export interface Fault {
  readonly name: string;
  strike(world: FaultWorld): void | Promise<void>;
  /** From then on a new connection works again; present ones may not. */
  heal(world: FaultWorld): void | Promise<void>;
}

/** There and back takes longer than anybody waits, and the answers come all the same. */
const DELAY_MILLIS = DEADLINE_MILLIS * 0.6;
/** Less than the shortest answer here is long. */
const CUT_BYTES = 20;

const nothing = () => {};

/** Until it is done the pool hears nothing, and no login gets done in between. */
async function unseen({ proxy }: FaultWorld, strike: () => Promise<void>): Promise<void> {
  proxy.halfOpen();
  await strike();
  await proxy.heal();
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'delay',
    strike: ({ proxy }) => proxy.delay(DELAY_MILLIS),
    heal: ({ proxy }) => proxy.heal(),
  },
  {
    name: 'reset',
    strike: ({ proxy }) => proxy.reset(),
    heal: nothing,
  },
  {
    // The peer has gone: what we write vanishes, nothing comes back, and nobody closes anything.
    name: 'half-open',
    strike: ({ proxy }) => proxy.halfOpen(),
    heal: nothing,
  },
  {
    // As half-open, and new connections are taken and never answered either.
    name: 'black hole',
    strike: ({ proxy }) => proxy.blackHole(),
    heal: ({ proxy }) => proxy.heal(),
  },
  {
    name: 'truncated bytes',
    strike: ({ proxy }) => {
      for (const connection of proxy.connections) connection.truncate(CUT_BYTES);
    },
    heal: nothing,
  },
  {
    name: 'backend terminated',
    strike: (world) => unseen(world, () => world.terminateBackends()),
    heal: nothing,
  },
  {
    name: 'server restarted',
    strike: ({ server }) => server.halt(),
    heal: ({ server }) => server.resume(),
  },
  {
    // All connections that the server has are taken, also the place of one that the pool has lost:
    // with what is left to it, it would not need the server.
    name: '53300',
    strike: (world) =>
      unseen(world, async () => {
        await world.terminateOneLoggedIn();
        await world.crowd.fill(world.userUrl, world.server.url());
      }),
    heal: ({ crowd }) => crowd.leave(),
  },
];
