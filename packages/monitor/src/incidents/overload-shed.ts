import type { PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import { count, duration } from './words.ts';

/** Requests were refused at once, so that the others are served in time. */
export function detectOverload({ counts, wait }: PoolStats): Incident[] {
  if (counts.shed === 0) return [];
  return [
    {
      kind: 'overload-shed',
      title: `${count(counts.shed, 'request')} ${counts.shed === 1 ? 'was' : 'were'} refused at once`,
      evidence: [`one wait in a hundred was over ${duration(wait.p99Millis)}`],
      cause: 'More requests came than the queue may hold.',
      remedy: 'Serve less per request, add capacity, or raise maxWaiting if callers can wait.',
      weight: counts.shed,
    },
  ];
}
