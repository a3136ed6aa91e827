import type { PoolStats } from '@lifeguard/pool';

export type HealthStatus = 'pass' | 'warn' | 'fail';

export interface HealthCheck {
  readonly status: HealthStatus;
  readonly observed: number;
  readonly unit: string;
  readonly output?: string;
}

/** Named as in the draft "Health Check Response Format for HTTP APIs". */
export interface Health {
  readonly status: HealthStatus;
  readonly checks: Readonly<Record<string, HealthCheck>>;
}

/** From so many connections on, the pool lends all but one: the last is for shared statements. */
const RESERVE_FROM = 3;
/** Above this share of connections used with callers waiting, the pool is about to be exhausted. */
const FULL_SHARE = 0.9;
/** A ping slower than this is worth a warning: the write-ups' "slow operation". */
const SLOW_PING_MILLIS = 1_000;

/** `roundTrip` is the time of a trivial statement, or why it failed. */
export function assessHealth(stats: PoolStats, roundTrip: number | Error): Health {
  const { connections, pending } = stats;
  const { max, checkedOut, shared } = connections;
  const used = (checkedOut + shared) / max;
  const full = used >= FULL_SHARE || checkedOut >= (max >= RESERVE_FROM ? max - 1 : max);
  const checks: Record<string, HealthCheck> = {
    'database:responseTime':
      typeof roundTrip === 'number'
        ? {
            status: roundTrip > SLOW_PING_MILLIS ? 'warn' : 'pass',
            observed: roundTrip,
            unit: 'ms',
          }
        : { status: 'fail', observed: 0, unit: 'ms', output: roundTrip.message },
    'pool:utilization': {
      status: full && pending > 0 ? 'warn' : 'pass',
      observed: Math.round(used * 100),
      unit: 'percent',
    },
    'pool:pending': { status: 'pass', observed: pending, unit: 'requests' },
  };
  const statuses = Object.values(checks).map(({ status }) => status);
  const worst = (['fail', 'warn'] as const).find((status) => statuses.includes(status));
  return { status: worst ?? 'pass', checks };
}
