import type { PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import { type Surroundings, when } from './surroundings.ts';
import { count, times } from './words.ts';

/** Code that asks for a second connection while it holds one: the outer client inside a transaction. */
export function detectSelfDeadlocks(stats: PoolStats, around: Surroundings = {}): Incident[] {
  const { nested, connections, wait } = stats;
  return nested.map(({ holder, holderSite, site, count: seen, refused }) => ({
    kind: 'self-deadlock',
    title: `${holder} asks for a second connection while it holds one`,
    evidence: [
      `had to wait for it ${times(seen)} ${when(around)}; ${refused === 0 ? 'none was refused' : `${count(refused, 'caller')} ${refused === 1 ? 'was' : 'were'} refused, because everybody who held a connection waited so`}`,
      ...(site ? [`asked for at ${site}`] : []),
      ...(holderSite ? [`the one that it holds was taken at ${holderSite}`] : []),
    ],
    cause: `With ${count(connections.max, 'connection')}, as many callers who do this at once stop everybody: each waits for what another one holds.`,
    remedy:
      'Use the client of the transaction for every statement in it (tx, not prisma; client.query, not pool.query), or do the other work before it or after it.',
    weight: seen * Math.max(1, wait.p99Millis) + refused,
    owner: holder,
    ...(site && { site }),
  }));
}
