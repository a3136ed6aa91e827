import type { Guard } from '@lifeguard/guard';
import { createMonitor, type Monitor, type MonitorOptions } from '@lifeguard/monitor';
import { type ServerWatchOptions, watchServer } from '@lifeguard/monitor/server';
import type { Pool } from '@lifeguard/pool';

export interface LifeguardMonitorOptions
  extends Pick<MonitorOptions, 'logger' | 'minuteLine' | 'webhooks' | 'detectors'> {
  /** Look at the server as well, over one connection besides the pool's; default false. */
  readonly server?: boolean | ServerWatchOptions | undefined;
}

/** The monitor of one pool, started. */
export function monitorFor(
  pool: Pool,
  guard: Guard,
  { server = false, ...options }: LifeguardMonitorOptions = {},
): Monitor {
  const { breaker } = guard;
  const watch = server && watchServer(pool, server === true ? {} : server);
  return createMonitor({
    ...options,
    pools: { main: pool },
    ...(breaker && { breakers: { main: breaker } }),
    ...(watch && { servers: { main: watch } }),
  }).start();
}
