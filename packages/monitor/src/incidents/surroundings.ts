import type { BreakerStatus } from '@lifeguard/guard';
import type { HistogramSummary, Leak } from '@lifeguard/pool';
import type { ServerSnapshot } from '../server/view.ts';

/** A standby, as far as somebody has looked at it. */
export interface ReplicaStatus {
  readonly name: string;
  /** It answers. */
  readonly isUp: boolean;
  /** How far behind the primary it is; undefined: not known. */
  readonly lagMillis?: number | undefined;
  readonly lagBytes?: number | undefined;
  /** Reads go to it. */
  readonly isUsed?: boolean | undefined;
  /** Since when it has not been among its primary's standbys; ISO 8601. */
  readonly lostSince?: string | undefined;
  /** The replication slot that it had, and how much log the primary keeps for it meanwhile. */
  readonly slot?: string | undefined;
  readonly keptBytes?: number | undefined;
}

/** What a detector may know besides the statistics. */
export interface Surroundings {
  /** How long the window of the statistics is; undefined: they run since the pool began. */
  readonly seconds?: number | undefined;
  /** Waits that ended in the last two seconds: how it is now. */
  readonly recentWait?: HistogramSummary | undefined;
  /** For how long every connection has been used while callers waited. */
  readonly fullMillis?: number | undefined;
  readonly breaker?: BreakerStatus | undefined;
  readonly replicas?: readonly ReplicaStatus[] | undefined;
  /** Checkouts that are held for longer than `leakThresholdMillis`; undefined: nobody listens to the pool. */
  readonly leaks?: readonly Leak[] | undefined;
  /** What the server itself says. */
  readonly server?: ServerSnapshot | undefined;
  /** The last sign of life that was asked of the server: its round trip, or what came instead. */
  readonly ping?: number | Error | undefined;
}

/** `in the last 30 s`, where it is known that the statistics are of these only. */
export function when({ seconds }: Surroundings): string {
  return seconds === undefined ? 'since the pool began' : `in the last ${Math.round(seconds)} s`;
}
