import type { BreakerStatus } from '@lifeguard/guard';
import type {
  FanOutStats,
  HistogramSummary,
  NestedStats,
  OwnerStats,
  PoolStats,
  StatementStats,
} from '@lifeguard/pool';
import type { Health } from '../health/assess.ts';
import type { IncidentRecord } from '../incidents/incident-log.ts';
import type { ReplicaStatus } from '../incidents/surroundings.ts';
import type { ServerSnapshot } from '../server/view.ts';

/** Raised when a field changes its meaning or goes; new fields may come without. */
export const SNAPSHOT_VERSION = 1;

/**
 * All that the monitor knows at a moment, as plain JSON: for the page, an event stream, the command
 * line, tests. Times are in milliseconds, moments in ISO 8601. It has no parameters and no secrets.
 */
export interface MonitorSnapshot {
  readonly version: typeof SNAPSHOT_VERSION;
  readonly at: string;
  readonly process: {
    readonly pid: number;
    readonly host: string;
    /** When the monitor began to look. */
    readonly since: string;
  };
  /** The worst of the pools'. */
  readonly health: Health;
  readonly pools: readonly PoolSnapshot[];
  readonly incidents: {
    /** Those that last: causes first, the costliest first among them. */
    readonly active: readonly IncidentRecord[];
    /** Those that are over, the latest first. */
    readonly past: readonly IncidentRecord[];
  };
}

export interface PoolSnapshot {
  readonly name: string;
  /** `server`: no pool is watched but a server's connections, of whoever has them. */
  readonly kind: 'pool' | 'server';
  readonly health: Health;
  readonly connections: PoolStats['connections'] & {
    /** Lent to a caller, or with statements of the shared lane under way. */
    readonly used: number;
  };
  readonly pending: number;
  readonly inFlight: number;
  /** For how long every connection has been used while callers waited; 0: it is not so now. */
  readonly fullMillis: number;
  /** Since the pool began. */
  readonly totals: PoolStats['counts'];
  /** The last ten seconds, or less when the monitor is younger: what moves. */
  readonly recent: {
    readonly seconds: number;
    /** What each of the `totals` has grown by, a second. */
    readonly perSecond: PoolStats['counts'] & { readonly errors: number };
    readonly wait: HistogramSummary;
    readonly use: HistogramSummary;
    readonly create: HistogramSummary;
    readonly service: HistogramSummary;
  };
  /** The last half minute: who and what cost the most in it; the same window as the incidents'. */
  readonly window: {
    readonly seconds: number;
    readonly errors: Readonly<Record<string, number>>;
    readonly owners: readonly OwnerStats[];
    readonly statements: readonly StatementStats[];
    readonly fanOuts: readonly FanOutStats[];
    readonly nested: readonly NestedStats[];
  };
  /** Who holds a connection now, the longest first. */
  readonly holders: PoolStats['holders'];
  /** Who waits now, the most callers first. */
  readonly waiting: PoolStats['waiting'];
  readonly lastConnectError: string | null;
  /** Null: the monitor was not given one. */
  readonly breaker: BreakerSnapshot | null;
  readonly replicas: readonly ReplicaStatus[];
  /** What the server itself says; null: the monitor was not given it to look at. */
  readonly server: ServerSnapshot | null;
}

export interface BreakerSnapshot {
  readonly state: BreakerStatus['state'];
  readonly since: string | null;
  readonly reason: string | null;
  readonly retryAfterMillis: number;
  /** Calls, since the breaker was made. */
  readonly refused: number;
}
