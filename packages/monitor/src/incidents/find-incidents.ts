import type { PoolStats } from '@lifeguard/pool';
import { detectBreakerOpened } from './breaker-opened.ts';
import { detectFanOuts } from './fan-out.ts';
import { detectHotLookUps } from './hot-lookup.ts';
import { detectIdleInTransaction } from './idle-in-transaction.ts';
import type { Detector, Incident } from './incident.ts';
import { byCause } from './kinds.ts';
import { detectLeaks } from './leak.ts';
import { detectNPlusOnes } from './n-plus-one.ts';
import { detectOverload } from './overload-shed.ts';
import { detectPoolExhausted } from './pool-exhausted.ts';
import { detectReplicaLagging } from './replica-lagging.ts';
import { detectReplicaLost } from './replica-lost.ts';
import { detectSelfDeadlocks } from './self-deadlock.ts';
import { detectServerDown } from './server-down.ts';
import { detectServerSessions } from './server-sessions.ts';
import { detectSlowStatements } from './slow-statement.ts';
import type { Surroundings } from './surroundings.ts';
import { detectTooManyClients } from './too-many-clients.ts';

const DETECTORS: readonly Detector[] = [
  detectServerDown,
  detectTooManyClients,
  detectReplicaLost,
  detectReplicaLagging,
  detectServerSessions,
  detectLeaks,
  detectSelfDeadlocks,
  detectFanOuts,
  detectNPlusOnes,
  detectIdleInTransaction,
  detectSlowStatements,
  detectHotLookUps,
  detectPoolExhausted,
  detectOverload,
  detectBreakerOpened,
];

/**
 * What a pool's statistics say is wrong: causes first, the costliest first among them.
 *
 * `around`: what is known besides; `detectors`: further ones beside the built-in.
 */
export function findIncidents(
  stats: PoolStats,
  around: Surroundings = {},
  detectors: readonly Detector[] = [],
): Incident[] {
  return [...DETECTORS, ...detectors].flatMap((detect) => detect(stats, around)).sort(byCause);
}
