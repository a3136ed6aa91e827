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

/** `roundTrip` is the time of a trivial statement, or why it failed; undefined: nobody has asked. */
export function assessHealth(stats: PoolStats, roundTrip: number | Error | undefined): Health {
  const { connections, pending } = stats;
  const { max, checkedOut, shared } = connections;
  const used = (checkedOut + shared) / max;
  const full = used >= FULL_SHARE || checkedOut >= (max >= RESERVE_FROM ? max - 1 : max);
  const checks: Record<string, HealthCheck> = {
    ...(roundTrip !== undefined && { 'database:responseTime': responseTime(roundTrip) }),
    'pool:utilization': {
      status: full && pending > 0 ? 'warn' : 'pass',
      observed: Math.round(used * 100),
      unit: 'percent',
    },
    'pool:pending': { status: 'pass', observed: pending, unit: 'requests' },
  };
  return { status: worst(Object.values(checks)), checks };
}

function responseTime(roundTrip: number | Error): HealthCheck {
  if (roundTrip instanceof Error) {
    return { status: 'fail', observed: 0, unit: 'ms', output: roundTrip.message };
  }
  return {
    status: roundTrip > SLOW_PING_MILLIS ? 'warn' : 'pass',
    observed: roundTrip,
    unit: 'ms',
  };
}

/** Of several pools: as ill as the worst; with more than one, each check's name begins with its pool's. */
export function worstOf(healths: readonly (readonly [name: string, health: Health])[]): Health {
  if (healths.length === 1 && healths[0]) return healths[0][1];
  const checks = healths.flatMap(([name, health]) =>
    Object.entries(health.checks).map(([check, result]) => [`${name}:${check}`, result] as const),
  );
  return {
    status: worst(healths.map(([, health]) => health)),
    checks: Object.fromEntries(checks),
  };
}

function worst(all: readonly { readonly status: HealthStatus }[]): HealthStatus {
  return (
    (['fail', 'warn'] as const).find((status) => all.some((each) => each.status === status)) ??
    'pass'
  );
}
