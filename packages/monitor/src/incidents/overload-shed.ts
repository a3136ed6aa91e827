import type { PoolStats } from '@lifeguard/pool';
import { mainUsers } from './capacity.ts';
import type { Incident } from './incident.ts';
import type { Surroundings } from './surroundings.ts';
import { count, duration, percent } from './words.ts';

/** Requests were refused at once, so that the others are served in time. */
export function detectOverload(stats: PoolStats, around: Surroundings = {}): Incident[] {
  const { counts, wait } = stats;
  if (counts.shed === 0) return [];
  const asked = counts.shed + wait.count;
  return [
    {
      kind: 'overload-shed',
      title: `${count(counts.shed, 'request')} ${counts.shed === 1 ? 'was' : 'were'} refused at once`,
      evidence: [
        `that is ${percent(counts.shed / asked)} of those that came; of the others, one wait in a hundred was over ${duration(wait.p99Millis)}`,
        ...mainUsers(stats, around),
      ],
      cause: 'More requests came than the pool can serve in the time that they may wait.',
      remedy: 'Serve less per request, add capacity, or raise `maxWaiting` if callers can wait.',
      weight: counts.shed,
    },
  ];
}
