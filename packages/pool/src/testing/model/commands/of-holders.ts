import fc from 'fast-check';
import type { Hold } from '../hold.ts';
import type { PoolWorld } from '../pool-world.ts';
import type { HolderKind } from '../texts.ts';
import { command, nothing } from './command.ts';

const holds = (world: PoolWorld): Hold[] => world.heldByCallers;

const kind = fc.constantFrom<HolderKind[]>(
  ...([
    'read',
    'write',
    'write',
    'fails',
    'dooms',
    'several',
    'named',
    'set',
    'unsendable',
  ] as const),
  ...(['begin', 'begin', 'begin', 'begin serializable', 'modes'] as const),
  ...(['commit', 'commit', 'commit', 'rollback', 'commit and chain'] as const),
);

const deadline = fc.constantFrom(undefined, undefined, undefined, 0, 40, 300);

export const statement = command(
  'holder says',
  holds,
  fc.tuple(kind, deadline),
  (world, hold, [which, deadlineMillis]) => world.callers.say(hold, which, { deadlineMillis }),
);

export const release = command('release', holds, nothing, (world, hold) =>
  world.callers.release(hold),
);

export const releaseWithError = command('release with error', holds, nothing, (world, hold) =>
  world.callers.release(hold, new Error('the holder is done with it')),
);

export const releaseTwice = command('release twice', holds, nothing, (world, hold) => {
  world.callers.release(hold);
  try {
    hold.release();
    world.violations.push('a second release was accepted');
  } catch {}
});

export const endByHolder = command(
  'client.end by holder',
  holds,
  nothing,
  (_, { client, view }) => {
    view.isEndedByHolder = true;
    client.end(() => {});
  },
);

/** Somebody uses a client that is not his any more, or not yet. */
export const stray = command(
  'use after release',
  ({ views }) => [...views.values()].filter(({ holds: has, uses }) => has.length === 0 && uses > 0),
  nothing,
  (world, { client }) => {
    client.query('SELECT 0 AS id', undefined, (error: Error | undefined) => {
      if (!error) world.violations.push('a client was used by nobody who has it');
    });
  },
);
