import type { PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import { duration, times } from './words.ts';

/** Callers waited in vain for a connection. */
export function detectPoolExhausted(stats: PoolStats): Incident[] {
  const { counts, connections, wait, holders, owners } = stats;
  if (counts.timeouts === 0) return [];
  const holder = holders[0]?.owner ?? owners[0]?.owner;
  return [
    {
      kind: 'pool-exhausted',
      title: `callers gave up waiting for ${connections.max === 1 ? 'the one connection' : `one of ${connections.max} connections`} ${times(counts.timeouts)}`,
      evidence: [
        `half of all waits were over ${duration(wait.p50Millis)}, one in a hundred over ${duration(wait.p99Millis)}`,
        ...(holder ? [`the longest holder: ${holder}`] : []),
      ],
      cause: 'More work asks for connections than the connections can do in the time.',
      remedy:
        'Look at the other incidents first: a pool that is held or flooded by one piece of code is not too small. Raise the limit only if the server has idle cores.',
      weight: counts.timeouts * wait.p99Millis,
    },
  ];
}
