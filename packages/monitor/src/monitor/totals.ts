import type { BreakerStatus } from '@lifeguard/guard';
import type { PoolStats } from '@lifeguard/pool';
import type { HealthStatus } from '../health/assess.ts';
import type { IncidentKind } from '../incidents/incident.ts';
import type { ReplicaStatus } from '../incidents/surroundings.ts';

/** A pool's counters since it began, for those who export them. */
export interface PoolTotals {
  readonly name: string;
  /** With the histograms' buckets. */
  readonly stats: PoolStats;
  /** Connections that are kept though idle. */
  readonly minIdle: number;
  /** For how long every connection has been used while callers waited. */
  readonly fullMillis: number;
  readonly health: HealthStatus;
  readonly breaker: BreakerStatus | undefined;
  readonly replicas: readonly ReplicaStatus[];
  readonly incidents: {
    /** How many last. */
    readonly active: Readonly<Partial<Record<IncidentKind, number>>>;
    /** How many have begun or come back since the monitor looks. */
    readonly begun: Readonly<Partial<Record<IncidentKind, number>>>;
  };
}
