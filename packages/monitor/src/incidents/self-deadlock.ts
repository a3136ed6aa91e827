import type { PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import { type Surroundings, when } from './surroundings.ts';
import { count, times } from './words.ts';

function refusals(refused: number): string {
  if (refused === 0) return 'none was refused';
  return `${count(refused, 'caller')} ${refused === 1 ? 'was' : 'were'} refused, because everybody who held a connection waited so`;
}

/**
 * Code that asks for a second connection while it holds one: the outer client inside a transaction. A
 * defect in waiting also where nobody had to wait yet.
 */
export function detectSelfDeadlocks(stats: PoolStats, around: Surroundings = {}): Incident[] {
  const { nested, connections, wait } = stats;
  return nested.map(({ holder, holderSite, asks, site, count: seen, waited, refused }) => ({
    kind: 'self-deadlock',
    title: `${holder} asks for a second connection${asks ? ` (${asks})` : ''} while it holds one`,
    evidence: [
      `seen ${times(seen)} ${when(around)}; had to wait for it ${waited === 0 ? 'never' : times(waited)}; ${refusals(refused)}`,
      ...(site ? [`asked for at ${site}`] : []),
      ...(holderSite ? [`the one that it holds was taken at ${holderSite}`] : []),
    ],
    cause: `With ${count(connections.max, 'connection')}, as many callers who do this at once stop everybody: each waits for what another one holds.`,
    remedy:
      'Use `tx` instead of `prisma` (`client.query` instead of `pool.query`) for every statement in the transaction, or do the other work before it or after it.',
    weight: waited * Math.max(1, wait.p99Millis) + seen + refused,
    owner: holder,
    ...(site && { site }),
  }));
}
