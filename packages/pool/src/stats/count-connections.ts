import type { Connections } from '../connection/connections.ts';
import type { Holder, PoolStats } from './pool-stats.ts';

/** What the connections do at this moment. */
export function countConnections(
  all: Connections,
  max: number,
  now: number,
): {
  connections: Omit<PoolStats['connections'], 'peak'>;
  inFlight: number;
  holders: Holder[];
} {
  const inFlight = all.filter(({ lane }) => lane.length > 0).map(({ lane }) => lane.length);
  const holders = [...all].flatMap(({ checkout }) => checkout?.describe(now) ?? []);
  return {
    connections: {
      max,
      total: all.length,
      idle: all.filter(({ isIdle }) => isIdle).length,
      connecting: all.connecting,
      checkedOut: holders.length,
      shared: inFlight.length,
    },
    inFlight: inFlight.reduce((sum, count) => sum + count, 0),
    holders,
  };
}
