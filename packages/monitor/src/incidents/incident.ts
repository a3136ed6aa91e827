import type { PoolStats } from '@lifeguard/pool';
import type { Surroundings } from './surroundings.ts';

export type IncidentKind =
  | 'breaker-opened'
  | 'fan-out'
  | 'hot-look-up'
  | 'idle-in-transaction'
  | 'leak'
  | 'n-plus-one'
  | 'overload-shed'
  | 'pool-exhausted'
  | 'replica-lagging'
  | 'replica-lost'
  | 'self-deadlock'
  | 'server-down'
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
  /** Whose doing it is: model and operation, label, or call site. */
  readonly owner?: string;
  /** The request in which it happens, such as `GET /api/home`. */
  readonly route?: string;
  /** File and line. */
  readonly site?: string;
  /** The statement's text, without literals and parameters. */
  readonly statement?: string;
  /** It goes on at this moment, whether or not anything more is counted. */
  readonly isUnderWay?: boolean;
  /** What else tells one incident from others of its kind, such as the name of a replica. */
  readonly subject?: string;
}

/**
 * Reads incidents out of a pool's statistics: those of a window, or all since the pool began. Pure.
 *
 * `around`: what is known besides; nothing when only statistics are at hand.
 */
export type Detector = (stats: PoolStats, around: Surroundings) => Incident[];

/** The same kind with the same of these is the same incident, whatever its numbers are. */
export function identityOf({ kind, owner, route, site, statement, subject }: Incident): string {
  return JSON.stringify([kind, owner, route, site, statement, subject]);
}
