import type { ServerSnapshot } from '@lifeguard/monitor/server';
import type { PoolStats } from '@lifeguard/pool';

const NO_TIMES = {
  count: 0,
  meanMillis: 0,
  p50Millis: 0,
  p90Millis: 0,
  p99Millis: 0,
  maxMillis: 0,
};

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
  return {
    connections: {
      max: connections.max ?? used,
      total: used,
      idle,
      checkedOut: used - idle,
      shared: 0,
      connecting: 0,
      peak,
    },
    pending: 0,
    inFlight: 0,
    counts: {
      // Its smallest unit of work that it counts.
      statements: transactions,
      checkouts: 0,
      waited: 0,
      timeouts: 0,
      shed: 0,
      connects: 0,
      connectFailures: isAway ? 1 : 0,
      abandonedTransactions: 0,
      leaks: 0,
      restarts: 0,
      resets: 0,
    },
    errors: {},
    statementsPerSecond: 0,
    wait: NO_TIMES,
    use: NO_TIMES,
    create: NO_TIMES,
    service: NO_TIMES,
    holders: [],
    waiting: [],
    owners: [],
    statements: [],
    fanOuts: [],
    nPlusOnes: [],
    nested: [],
    lastConnectError: problem ?? undefined,
  };
}
