import type { PoolStats } from '@lifeguard/pool';
import { detectFanOuts } from './fan-out.ts';
import { detectIdleInTransaction } from './idle-in-transaction.ts';
import type { Detector, Incident } from './incident.ts';
import { byCause } from './kinds.ts';
import { detectOverload } from './overload-shed.ts';
import { detectPoolExhausted } from './pool-exhausted.ts';
import { detectSlowStatements } from './slow-statement.ts';
import type { Surroundings } from './surroundings.ts';
import { detectTooManyClients } from './too-many-clients.ts';

const DETECTORS: readonly Detector[] = [
  detectFanOuts,
  detectIdleInTransaction,
  detectSlowStatements,
  detectTooManyClients,
  detectPoolExhausted,
  detectOverload,
];

/** What a pool's statistics say is wrong: causes first, the costliest first among them. */
export function findIncidents(
  stats: PoolStats,
  around: Surroundings = {},
  detectors: readonly Detector[] = [],
): Incident[] {
  return [...DETECTORS, ...detectors].flatMap((detect) => detect(stats, around)).sort(byCause);
}
