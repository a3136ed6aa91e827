import type { PoolStats } from '@lifeguard/pool';
import { detectFanOuts } from './fan-out.ts';
import { detectIdleInTransaction } from './idle-in-transaction.ts';
import type { Detector, Incident, IncidentKind } from './incident.ts';
import { detectOverload } from './overload-shed.ts';
import { detectPoolExhausted } from './pool-exhausted.ts';
import { detectSlowStatements } from './slow-statement.ts';
import { detectTooManyClients } from './too-many-clients.ts';

const DETECTORS: readonly Detector[] = [
  detectFanOuts,
  detectIdleInTransaction,
  detectSlowStatements,
  detectTooManyClients,
  detectPoolExhausted,
  detectOverload,
];

/** Causes before symptoms: an exhausted pool is explained by what exhausts it. */
const RANK: Record<IncidentKind, number> = {
  'too-many-clients': 0,
  'idle-in-transaction': 1,
  'fan-out': 1,
  'slow-statement': 2,
  'pool-exhausted': 3,
  'overload-shed': 4,
};

/** What a pool's statistics say is wrong: causes first, the costliest first among them. */
export function findIncidents(stats: PoolStats): Incident[] {
  return DETECTORS.flatMap((detect) => detect(stats)).sort(
    (a, b) => RANK[a.kind] - RANK[b.kind] || b.weight - a.weight,
  );
}
