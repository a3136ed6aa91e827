import type { PoolStats } from '@lifeguard/pool';

export type IncidentKind =
  | 'fan-out'
  | 'idle-in-transaction'
  | 'overload-shed'
  | 'pool-exhausted'
  | 'slow-statement'
  | 'too-many-clients';

/** One diagnosed event, in words that somebody at three in the morning understands. */
export interface Incident {
  readonly kind: IncidentKind;
  /** What happens, where, in one line. */
  readonly title: string;
  /** The numbers that show it. */
  readonly evidence: readonly string[];
  /** Why it empties the pool. */
  readonly cause: string;
  /** What to do about it. */
  readonly remedy: string;
  /** What it has cost: connection-milliseconds, for ranking. */
  readonly weight: number;
}

/** Reads incidents out of a pool's statistics. Pure. */
export type Detector = (stats: PoolStats) => Incident[];
