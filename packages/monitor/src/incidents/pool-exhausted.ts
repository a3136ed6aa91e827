import type { PoolStats } from '@lifeguard/pool';
import { mainUsers } from './capacity.ts';
import type { Incident } from './incident.ts';
import type { Surroundings } from './surroundings.ts';
import { count, duration, times } from './words.ts';

/** Every connection used for so long while callers wait, and they wait long: told before they give up. */
const FULL_MILLIS = 2_000;
/** A busy pool has always somebody waiting; as long as half of them are served by then, it is only busy. */
const LONG_WAIT_MILLIS = 500;

/** Callers waited in vain for a connection, or are about to. */
export function detectPoolExhausted(stats: PoolStats, around: Surroundings = {}): Incident[] {
  const { counts, connections, wait, holders, owners, pending } = stats;
  const isStuck = isStuckNow(around);
  if (counts.timeouts === 0 && !isStuck) return [];
  const [longest] = holders;
  const users = mainUsers(stats, around);
  const owner = longest?.owner ?? owners[0]?.owner;
  return [
    {
      kind: 'pool-exhausted',
      title: titleOf(stats, around),
      evidence: [
        ...(wait.count > 0
          ? [
              `half of all waits were over ${duration(wait.p50Millis)}, one in a hundred over ${duration(wait.p99Millis)}`,
            ]
          : []),
        ...(pending > 0
          ? [`${count(pending, 'caller')} ${pending === 1 ? 'waits' : 'wait'} now`]
          : []),
        ...(users.length > 0 ? users : owner ? [`the longest holder: ${owner}`] : []),
        ...(longest?.site ? [`the connection held longest was taken at ${longest.site}`] : []),
      ],
      cause: 'More work asks for connections than the connections can do in the time.',
      remedy:
        'Look at the other incidents first: a pool that is held or flooded by one piece of code is not too small. If there is none, serve less per request, or raise the limit if the server has idle cores.',
      weight:
        counts.timeouts * Math.max(wait.p99Millis, 1) +
        (isStuck ? connections.max * (around.fullMillis ?? 0) : 0),
      ...(isStuck && { isUnderWay: true }),
    },
  ];
}

function isStuckNow({ fullMillis = 0, recentWait }: Surroundings): boolean {
  if (fullMillis < FULL_MILLIS || !recentWait) return false;
  return recentWait.count === 0 || recentWait.p50Millis >= LONG_WAIT_MILLIS;
}

function titleOf({ counts, connections }: PoolStats, { fullMillis = 0 }: Surroundings): string {
  if (counts.timeouts > 0) {
    const what =
      connections.max === 1 ? 'the one connection' : `one of ${connections.max} connections`;
    return `callers gave up waiting for ${what} ${times(counts.timeouts)}`;
  }
  const all =
    connections.max === 1 ? 'the one connection has' : `all ${connections.max} connections have`;
  return `${all} been used for ${duration(fullMillis)} while callers wait`;
}
