import type { PoolStats } from '@lifeguard/pool';
import type { Incident, IncidentKind } from './incident.ts';

export type Severity = 'info' | 'warning' | 'critical';

interface KindRules {
  /** Causes before symptoms: an exhausted pool is explained by what exhausts it. */
  readonly rank: number;
  /** `critical`: callers are refused. */
  readonly severity: Severity;
  /** Of a symptom: what can explain it. */
  readonly causes?: readonly IncidentKind[];
  /** Of those, which do; default all. */
  readonly isCausedBy?: (cause: Incident, symptom: Incident) => boolean;
  /** How often it has happened since the pool began; without it, the monitor counts how often it came. */
  readonly occurrences?: (stats: PoolStats, incident: Incident) => number | undefined;
}

const OF_THE_SERVER = ['server-down', 'too-many-clients'] as const;
/** What takes connections, or leaves none to be had. */
const OF_A_FULL_POOL = [
  ...OF_THE_SERVER,
  'leak',
  'self-deadlock',
  'idle-in-transaction',
  'fan-out',
  'n-plus-one',
  'hot-look-up',
  'slow-statement',
] as const;

/** Texts that differ in literals only look alike, and count as one. */
function executionsOf({ statements }: PoolStats, { statement }: Incident): number {
  const alike = statements.filter((one) => one.statement === statement);
  return alike.reduce((sum, { executions }) => sum + executions, 0);
}

export const KINDS: Readonly<Record<IncidentKind, KindRules>> = {
  'server-down': {
    rank: 0,
    severity: 'critical',
    occurrences: ({ counts }) => counts.connectFailures,
  },
  'too-many-clients': {
    rank: 0,
    severity: 'critical',
    occurrences: ({ counts }) => counts.connectFailures,
  },
  'replica-lagging': { rank: 1, severity: 'warning' },
  'replica-lost': { rank: 1, severity: 'warning' },
  leak: { rank: 1, severity: 'warning' },
  'self-deadlock': {
    rank: 1,
    severity: 'warning',
    occurrences: ({ nested }, { owner, site }) =>
      nested.find((one) => one.holder === owner && one.site === site)?.count,
  },
  'idle-in-transaction': {
    rank: 1,
    severity: 'warning',
    occurrences: ({ owners }, { owner }) => owners.find((one) => one.owner === owner)?.checkouts,
  },
  'fan-out': {
    rank: 1,
    severity: 'warning',
    occurrences: ({ fanOuts }, { route, owner, statement }) =>
      fanOuts.find(
        (one) => one.route === route && one.owner === owner && one.statement === statement,
      )?.requests,
  },
  'n-plus-one': {
    rank: 1,
    severity: 'warning',
    occurrences: ({ nPlusOnes }, { route, owner, statement }) =>
      nPlusOnes.find(
        (one) => one.route === route && one.owner === owner && one.statement === statement,
      )?.requests,
  },
  'slow-statement': {
    rank: 2,
    severity: 'warning',
    occurrences: executionsOf,
  },
  'hot-look-up': {
    rank: 2,
    severity: 'warning',
    // In a loop's first moments, when no request has got far, it looks like a look-up of every request.
    causes: ['fan-out', 'n-plus-one'],
    isCausedBy: (cause, { statement }) => cause.statement === statement,
    occurrences: executionsOf,
  },
  'pool-exhausted': {
    rank: 3,
    severity: 'critical',
    causes: OF_A_FULL_POOL,
    occurrences: ({ counts }) => counts.timeouts,
  },
  'overload-shed': {
    rank: 4,
    severity: 'critical',
    causes: OF_A_FULL_POOL,
    occurrences: ({ counts }) => counts.shed,
  },
  'breaker-opened': {
    rank: 5,
    severity: 'critical',
    causes: [...OF_THE_SERVER, 'pool-exhausted'],
  },
};

/** Causes first, the costliest first among them. */
export function byCause(a: Incident, b: Incident): number {
  return KINDS[a.kind].rank - KINDS[b.kind].rank || b.weight - a.weight;
}
