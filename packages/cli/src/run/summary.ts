import { byCause, type IncidentRecord } from '@lifeguard/monitor';
import type { OwnerStats, PoolStats, StatementStats } from '@lifeguard/pool';
import type { End, RunMode } from './launch.ts';
import { type Moment, worstMoments } from './moments.ts';
import type { RemotePool } from './remote-pool.ts';

const MOST_MOMENTS = 3;
/** Of each pool, and of all together. */
const MOST_LISTED = 10;

/** What is told of a run when it is over. Statements and owners are without parameters. */
export interface RunSummary {
  /** The command's first word: what stands behind it may be a secret. */
  readonly program: string;
  readonly mode: RunMode;
  readonly startedAt: Date;
  readonly seconds: number;
  readonly end: End;
  /** Node.js processes and threads that have reported. */
  readonly processes: number;
  readonly pools: readonly PoolSummary[];
  /** Pools that were too many in their process. */
  readonly unwatched: number;
  /** The driver was loaded, whether or not a pool of its was made. */
  readonly hasPg: boolean;
  readonly moments: readonly Moment[];
  /** Causes before symptoms. */
  readonly incidents: readonly RunIncident[];
  /** The costliest first. */
  readonly statements: readonly StatementStats[];
  /** Programs that go on without us. */
  readonly stillRunning: readonly string[];
}

export interface PoolSummary {
  readonly name: string;
  readonly mode: RemotePool['mode'];
  readonly stats: PoolStats;
  readonly refused: number;
  readonly failed: number;
  /** By the time that they held connections. */
  readonly owners: readonly OwnerStats[];
}

/** The same incident of all pools that had it. */
export interface RunIncident extends IncidentRecord {
  readonly pools: readonly string[];
}

export interface RunFacts {
  readonly program: string;
  readonly mode: RunMode;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly end: End;
  readonly processes: number;
  readonly pools: readonly RemotePool[];
  readonly unwatched: number;
  readonly hasPg: boolean;
  readonly moments: readonly Moment[];
  readonly incidents: readonly IncidentRecord[];
  readonly stillRunning: readonly string[];
}

/** Pure. */
export function summarize(facts: RunFacts): RunSummary {
  const { startedAt, endedAt, pools, moments, incidents, ...rest } = facts;
  return {
    ...rest,
    startedAt,
    seconds: (endedAt.getTime() - startedAt.getTime()) / 1_000,
    pools: pools.map(summarizePool),
    moments: worstMoments(moments, MOST_MOMENTS),
    incidents: mergeIncidents(incidents),
    statements: mergeStatements(pools.flatMap((pool) => pool.stats().statements)),
  };
}

function summarizePool(pool: RemotePool): PoolSummary {
  const stats = pool.stats();
  return {
    name: pool.name,
    mode: pool.mode,
    stats,
    refused: stats.counts.timeouts + stats.counts.shed,
    failed: Object.values(stats.errors).reduce((sum, count) => sum + count, 0),
    owners: stats.owners.slice(0, MOST_LISTED),
  };
}

/** Twelve processes that do the same have one problem, not twelve. */
export function mergeIncidents(incidents: readonly IncidentRecord[]): RunIncident[] {
  const groups = new Map<string, IncidentRecord[]>();
  for (const one of incidents) {
    const { kind, owner, route, site, statement, subject } = one;
    const key = JSON.stringify([kind, owner, route, site, statement, subject]);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].map(merge).sort(byCause);
}

function merge(group: readonly IncidentRecord[]): RunIncident {
  const heaviest = group.reduce((a, b) => (b.weight > a.weight ? b : a));
  const moments = (field: 'firstSeen' | 'lastSeen') => group.map((one) => one[field]).sort();
  return {
    ...heaviest,
    count: group.reduce((sum, { count }) => sum + count, 0),
    weight: group.reduce((sum, { weight }) => sum + weight, 0),
    firstSeen: moments('firstSeen')[0] ?? heaviest.firstSeen,
    lastSeen: moments('lastSeen').at(-1) ?? heaviest.lastSeen,
    pools: [...new Set(group.map(({ pool }) => pool))],
  };
}

function mergeStatements(all: readonly StatementStats[]): StatementStats[] {
  const merged = new Map<string, StatementStats>();
  for (const one of all) {
    const known = merged.get(one.statement);
    merged.set(one.statement, known ? sum(known, one) : one);
  }
  return [...merged.values()].sort((a, b) => b.totalMillis - a.totalMillis).slice(0, MOST_LISTED);
}

function sum(a: StatementStats, b: StatementStats): StatementStats {
  const executions = a.executions + b.executions;
  const totalMillis = a.totalMillis + b.totalMillis;
  return {
    statement: a.statement,
    owners: [...new Set([...a.owners, ...b.owners])].slice(0, 3),
    executions,
    errors: a.errors + b.errors,
    totalMillis,
    meanMillis: executions === 0 ? 0 : totalMillis / executions,
    maxMillis: Math.max(a.maxMillis, b.maxMillis),
  };
}
