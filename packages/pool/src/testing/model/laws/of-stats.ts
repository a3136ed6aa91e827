/** The pool's statistics against what was seen. */
import type { PoolWorld } from '../pool-world.ts';
import { openViews } from './at-rest.ts';
import { broken } from './broken.ts';

export function lawsOfStats(world: PoolWorld): string[] {
  const { core, counts, options } = world;
  const stats = core.stats();
  const views = openViews(world);
  const lanes = views.filter(({ lane }) => lane.length > 0);
  const { answers, ...others } = counts;
  const seen = {
    ...others,
    pending: world.callers.waiting.length,
    answers,
    inFlight: lanes.reduce((sum, { lane }) => sum + lane.length, 0),
    shared: lanes.length,
    // Whose connection was cut when the pool ended is no holder of the pool's any more.
    holders: world.isCut
      ? stats.holders.length
      : world.holds.filter(({ hasParted }) => !hasParted).length +
        views.filter(({ isSettling, lastHold }) => isSettling && !lastHold?.isGivenUp).length,
  };
  const told: typeof seen = {
    ...stats.counts,
    answers: stats.counts.statements + stats.counts.restarts,
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
