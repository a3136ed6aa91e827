import type { Guard } from '@lifeguard/guard';
import { createMonitor, type Monitor, type MonitorOptions } from '@lifeguard/monitor';
import type { Pool } from '@lifeguard/pool';

/** Where incidents are told, and whether the server is looked at as well. */
export type LifeguardMonitorOptions = Pick<
  MonitorOptions,
  'logger' | 'minuteLine' | 'webhooks' | 'detectors' | 'server'
>;

/** The monitor of one pool, started. */
export function monitorFor(
  pool: Pool,
  { breaker }: Guard,
  options: LifeguardMonitorOptions = {},
): Monitor {
  return createMonitor({
    ...options,
    pools: { main: pool },
    ...(breaker && { breakers: { main: breaker } }),
  }).start();
}
