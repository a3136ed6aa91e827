import type { PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import { count, times } from './words.ts';

/** One request that sends many statements of the same text at once (`Promise.all` over a list). */
export function detectFanOuts({ fanOuts, connections }: PoolStats): Incident[] {
  return fanOuts.map(({ route, owner, site, statement, requests, peak, call, rewrite }) => ({
    kind: 'fan-out',
    title: `${route} sends up to ${peak} × ${owner} at once`,
    evidence: [
      `seen in ${count(requests, 'request')}; the pool may open ${count(connections.max, 'connection')}`,
      ...(site ? [`called at ${site}`] : []),
      ...(call ? [`the call: ${call}`] : []),
      `statement: ${statement}`,
    ],
    cause: `Every such request asks for ${peak} statements where one would do, so a handful of visitors fill the queue for everybody.`,
    remedy:
      rewrite ??
      `Fetch the rows of all groups in one statement that limits each group in the database (a LATERAL join over the list), instead of calling ${owner} ${times(peak)} in Promise.all.`,
    weight: requests * peak,
    route,
    owner,
    ...(site && { site }),
    statement,
  }));
}
