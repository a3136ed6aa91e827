import fc from 'fast-check';
import { lawsAtRest } from '../laws/at-rest.ts';
import type { PoolWorld } from '../pool-world.ts';

/** The world is its own model: it knows what callers asked for and what came of it. */
export type Command = fc.AsyncCommand<{ readonly world: PoolWorld }, object>;

/** So many events are told of a law that was broken. */
const MOST_TOLD = 60;

/** Throws the first law that was broken so far. */
export function obey(world: PoolWorld): void {
  const [broken] = [...world.violations, ...lawsAtRest(world)];
  if (broken) fail(world, broken);
}

export function fail(world: PoolWorld, law: string): never {
  throw new Error([law, ...world.story.slice(-MOST_TOLD)].join('\n  '));
}

/** Something that may happen, on one of those that it may happen to; none of them: it can't. */
export function command<Target, Detail>(
  name: string,
  targets: (world: PoolWorld) => readonly Target[],
  details: fc.Arbitrary<Detail>,
  run: (world: PoolWorld, target: Target, detail: Detail) => void | Promise<void>,
): fc.Arbitrary<Command> {
  return fc.tuple(fc.nat({ max: 4 }), details).map(([which, detail]) => ({
    check: ({ world }) => targets(world).length > 0,
    run: async ({ world }) => {
      const those = targets(world);
      await world.act(() => run(world, those[which % those.length] as Target, detail));
      obey(world);
    },
    toString: () => `${name}(${which}${detail === undefined ? '' : `, ${fc.stringify(detail)}`})`,
  }));
}

/** The world itself, and the world while its pool takes requests. */
export const once = (world: PoolWorld) => [world];
export const open = (world: PoolWorld) => (world.isEnding ? [] : [world]);

export const nothing = fc.constant(undefined);
