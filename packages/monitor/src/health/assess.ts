import type { BreakerStatus } from '@lifeguard/guard';
import type { HistogramSummary, PoolStats } from '@lifeguard/pool';
import { isBehind } from '../incidents/replica-lagging.ts';
import type { ReplicaStatus } from '../incidents/surroundings.ts';

export type HealthStatus = 'pass' | 'warn' | 'fail';

export interface HealthCheck {
  readonly status: HealthStatus;
  /** A number in `unit`, or a state in a word. */
  readonly observed: number | string;
  readonly unit?: string;
  readonly output?: string;
}

/** Named as in the draft "Health Check Response Format for HTTP APIs". */
export interface Health {
  /** As ill as the worst of the checks. */
  readonly status: HealthStatus;
  readonly checks: Readonly<Record<string, HealthCheck>>;
}

/** What is known besides the statistics; what is not known is not checked. */
export interface HealthContext {
  /** Waits of the last seconds; without them, no wait is judged. */
  readonly wait?: HistogramSummary | undefined;
  readonly breaker?: BreakerStatus | undefined;
  readonly replicas?: readonly ReplicaStatus[] | undefined;
  /** How old the sign of life is, where that is worth saying. */
  readonly pingNote?: string | undefined;
}

/** From so many connections on, the pool lends all but one: the last is for shared statements. */
const RESERVE_FROM = 3;
/** Above this share of connections used with callers waiting, the pool is about to be exhausted. */
const FULL_SHARE = 0.9;
/** A ping, or a wait for a connection, longer than this is worth a warning: the write-ups' "slow operation". */
const SLOW_MILLIS = 1_000;
/** The pool had no place for the ping: that says nothing of the server. */
const BUSY_CODES: readonly unknown[] = ['LIFEGUARD_POOL_TIMEOUT', 'LIFEGUARD_POOL_OVERLOADED'];

/** `roundTrip` is the time of a trivial statement, or why it failed; undefined: nobody has asked. */
export function assessHealth(
  stats: PoolStats,
  roundTrip: number | Error | undefined,
  { wait, breaker, replicas = [], pingNote }: HealthContext = {},
): Health {
  const checks: Record<string, HealthCheck> = {
    ...(roundTrip !== undefined && {
      'database:responseTime': {
        ...(pingNote !== undefined && { output: pingNote }),
        ...responseTime(roundTrip, stats),
      },
    }),
    'pool:utilization': utilization(stats),
    'pool:pending': { status: 'pass', observed: stats.pending, unit: 'requests' },
    ...(wait && {
      'pool:wait': {
        status: wait.p99Millis > SLOW_MILLIS ? 'warn' : 'pass',
        observed: round(wait.p99Millis),
        unit: 'ms',
      } as const,
    }),
    ...(breaker && { 'breaker:state': breakerState(breaker) }),
    ...Object.fromEntries(replicas.map((replica) => [`replica:${replica.name}`, lag(replica)])),
  };
  return { status: worst(Object.values(checks)), checks };
}

function responseTime(roundTrip: number | Error, { connections }: PoolStats): HealthCheck {
  if (!(roundTrip instanceof Error)) {
    return {
      status: roundTrip > SLOW_MILLIS ? 'warn' : 'pass',
      observed: round(roundTrip),
      unit: 'ms',
    };
  }
  const { code } = roundTrip as { code?: unknown };
  if (BUSY_CODES.includes(code) && connections.total > connections.connecting) {
    return { status: 'warn', observed: 'not asked', output: 'no connection was free to ask on' };
  }
  return { status: 'fail', observed: 'no answer', output: roundTrip.message };
}

/** A full pool is no reason to take an instance away: its load would fall on the others. */
function utilization({ connections, pending }: PoolStats): HealthCheck {
  const { max, checkedOut, shared } = connections;
  const used = (checkedOut + shared) / max;
  const isFull = used >= FULL_SHARE || checkedOut >= (max >= RESERVE_FROM ? max - 1 : max);
  return {
    status: isFull && pending > 0 ? 'warn' : 'pass',
    observed: Math.round(used * 100),
    unit: 'percent',
  };
}

function breakerState({ state, reason }: BreakerStatus): HealthCheck {
  const status = state === 'closed' ? 'pass' : state === 'open' ? 'fail' : 'warn';
  return { status, observed: state, ...(reason !== undefined && { output: reason }) };
}

/** The primary and the other replicas serve what this one does not. */
function lag(replica: ReplicaStatus): HealthCheck {
  const { isUp, lagMillis, lagBytes } = replica;
  const status = isBehind(replica) ? 'warn' : 'pass';
  if (!isUp) return { status, observed: 'no answer' };
  if (lagMillis !== undefined) return { status, observed: round(lagMillis), unit: 'ms' };
  if (lagBytes !== undefined) return { status, observed: lagBytes, unit: 'bytes' };
  return { status, observed: 'lag not known' };
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

function round(millis: number): number {
  return Number(millis.toFixed(1));
}
