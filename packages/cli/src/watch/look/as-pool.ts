import type { ServerSnapshot } from '@lifeguard/monitor/server';
import { type PoolStats, statsOf } from '@lifeguard/pool';

/**
 * A server as a monitor and its page take it: its connections as those of one big pool. Of who waits and how long statements take
 * it tells nothing, for a server counts neither. Pure.
 *
 * `peak`: the most connections that were seen so far; `transactions`: a count that grows by them.
 */
export function asPoolStats(
  { connections, problem }: ServerSnapshot,
  { peak, transactions }: { readonly peak: number; readonly transactions: number },
): PoolStats {
  const isAway = problem !== null;
  const used = isAway ? 0 : connections.used;
  const idle = isAway ? 0 : Math.min(used, connections.byState.idle ?? 0);
  return statsOf({
    connections: {
      max: connections.max ?? used,
      total: used,
      idle,
      checkedOut: used - idle,
      peak,
    },
    counts: {
      // Its smallest unit of work that it counts.
      statements: transactions,
      connectFailures: isAway ? 1 : 0,
    },
    lastConnectError: problem ?? undefined,
  });
}
