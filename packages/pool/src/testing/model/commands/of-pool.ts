import fc from 'fast-check';
import { lawsOfStats } from '../laws/of-stats.ts';
import { type Command, command, nothing, obey, once, open } from './command.ts';

export const stats = command('stats', once, nothing, (world) => {
  world.violations.push(...lawsOfStats(world));
});

export const reset = command('reset', open, nothing, ({ core }) => core.reset('requested'));

export const prewarm = command('prewarm', open, fc.integer({ min: 1, max: 5 }), (world, _, count) =>
  world.prewarm(count),
);

export const end = command(
  'end',
  open,
  fc.constantFrom(Infinity, Infinity, 0, 50, 2_000),
  (world, _, millis) => world.end(millis),
);

const SPANS = [1, 1, 1, 3, 3, 3, 12, 12, 12, 30, 30, 30, 120, 120, 500, 1_100, 4_000] as const;

/** Time is let pass from timer to timer, each in a turn of its own. */
export const pass: fc.Arbitrary<Command> = fc.constantFrom(...SPANS).map((millis) => ({
  check: () => true,
  run: async ({ world }) => {
    await world.pass(millis);
    obey(world);
  },
  toString: () => `pass(${millis})`,
}));
