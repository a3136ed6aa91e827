import type {
  FanOutStats,
  NestedStats,
  NPlusOneStats,
  OwnerStats,
  PoolStats,
  StatementStats,
} from '@lifeguard/pool';
import { grown, grownCounts, laterDurations } from './difference.ts';

/** A pool's statistics at a moment. */
export interface Sample {
  /** On the monitor's clock, in milliseconds. */
  readonly at: number;
  readonly stats: PoolStats;
}

/**
 * What happened between two samples, in the shape of a pool's statistics: counters, histograms and
 * lists hold what came in between, everything else is as it was at the end. So whatever reads the
 * statistics of a pool reads those of the last half minute as well.
 */
export interface StatsWindow {
  readonly stats: PoolStats;
  readonly seconds: number;
}

export function windowBetween(earlier: Sample, later: Sample): StatsWindow {
  const { seconds, ...figures } = figuresBetween(earlier, later);
  const was = earlier.stats;
  const now = later.stats;
  return {
    seconds,
    stats: {
      ...now,
      ...figures,
      statementsPerSecond: seconds === 0 ? 0 : figures.counts.statements / seconds,
      owners: laterOwners(now.owners, was.owners),
      statements: laterStatements(now.statements, was.statements),
      fanOuts: laterFanOuts(now.fanOuts, was.fanOuts),
      nPlusOnes: laterNPlusOnes(now.nPlusOnes, was.nPlusOnes),
      nested: laterNested(now.nested, was.nested),
    },
  };
}

/** The same without the lists, which may be long. */
export function figuresBetween({ at: from, stats: was }: Sample, { at: to, stats: now }: Sample) {
  return {
    seconds: Math.max(0, to - from) / 1_000,
    counts: grownCounts(now.counts, was.counts),
    errors: withoutZeros(grownCounts(now.errors, was.errors)),
    wait: laterDurations(now.wait, was.wait),
    use: laterDurations(now.use, was.use),
    create: laterDurations(now.create, was.create),
    service: laterDurations(now.service, was.service),
  };
}

function withoutZeros(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function laterOwners(later: readonly OwnerStats[], earlier: readonly OwnerStats[]): OwnerStats[] {
  const before = new Map(earlier.map((entry) => [entry.owner, entry]));
  return later
    .flatMap((now) => {
      const was = before.get(now.owner);
      if (!was || now.checkouts < was.checkouts) return [now];
      if (now.checkouts === was.checkouts) return [];
      const checkouts = now.checkouts - was.checkouts;
      const heldMillis = now.heldMillis - was.heldMillis;
      return [
        {
          ...now,
          checkouts,
          heldMillis,
          idleMillis: now.idleMillis - was.idleMillis,
          maxHeldMillis: newMax(now.maxHeldMillis, was.maxHeldMillis, heldMillis / checkouts),
        },
      ];
    })
    .sort((a, b) => b.heldMillis - a.heldMillis);
}

function laterStatements(
  later: readonly StatementStats[],
  earlier: readonly StatementStats[],
): StatementStats[] {
  const before = byText(earlier);
  return [...byText(later).values()]
    .flatMap((now) => {
      const was = before.get(now.statement);
      if (!was || now.executions < was.executions) return [now];
      const executions = now.executions - was.executions;
      if (executions === 0) return [];
      const totalMillis = now.totalMillis - was.totalMillis;
      return [
        {
          statement: now.statement,
          owners: now.owners,
          executions,
          errors: now.errors - was.errors,
          totalMillis,
          meanMillis: totalMillis / executions,
          maxMillis: newMax(now.maxMillis, was.maxMillis, totalMillis / executions),
        },
      ];
    })
    .sort((a, b) => b.totalMillis - a.totalMillis);
}

/** A sample is the later one of a window once, and the earlier one of a few. */
const merges = new WeakMap<readonly StatementStats[], Map<string, StatementStats>>();

function byText(statements: readonly StatementStats[]): Map<string, StatementStats> {
  let merged = merges.get(statements);
  if (!merged) {
    merged = mergeAlike(statements);
    merges.set(statements, merged);
  }
  return merged;
}

/** Texts that differ in literals only look alike in reports, and count as one. */
function mergeAlike(statements: readonly StatementStats[]): Map<string, StatementStats> {
  const merged = new Map<string, StatementStats>();
  for (const one of statements) {
    const other = merged.get(one.statement);
    if (!other) {
      merged.set(one.statement, one);
      continue;
    }
    const executions = other.executions + one.executions;
    const totalMillis = other.totalMillis + one.totalMillis;
    merged.set(one.statement, {
      statement: one.statement,
      owners: [...new Set([...other.owners, ...one.owners])],
      executions,
      errors: other.errors + one.errors,
      totalMillis,
      meanMillis: totalMillis / executions,
      maxMillis: Math.max(other.maxMillis, one.maxMillis),
    });
  }
  return merged;
}

/** The longest of the new ones: known if it is the longest of all, else it is at least their mean. */
function newMax(now: number, was: number, mean: number): number {
  return now > was ? now : mean;
}

const fanOutKey = ({ route, owner, statement }: FanOutStats) => `${route}\n${owner}\n${statement}`;

function laterFanOuts(later: readonly FanOutStats[], earlier: readonly FanOutStats[]) {
  const before = new Map(earlier.map((entry) => [fanOutKey(entry), entry.requests]));
  return later
    .map((now) => ({ ...now, requests: grown(now.requests, before.get(fanOutKey(now)) ?? 0) }))
    .filter(({ requests }) => requests > 0)
    .sort((a, b) => b.requests * b.peak - a.requests * a.peak);
}

const loopKey = ({ route, owner, site, statement, inCheckout }: NPlusOneStats) =>
  `${route}\n${owner}\n${site}\n${inCheckout}\n${statement}`;

function laterNPlusOnes(later: readonly NPlusOneStats[], earlier: readonly NPlusOneStats[]) {
  const before = new Map(earlier.map((entry) => [loopKey(entry), entry]));
  return later
    .map((now) => {
      const was = before.get(loopKey(now));
      return {
        ...now,
        requests: grown(now.requests, was?.requests ?? 0),
        calls: grown(now.calls, was?.calls ?? 0),
        millis: grown(now.millis, was?.millis ?? 0),
      };
    })
    .filter(({ calls }) => calls > 0)
    .sort((a, b) => b.millis - a.millis);
}

const nestedKey = ({ holder, holderSite, asks, site }: NestedStats) =>
  `${holder}\n${holderSite}\n${asks}\n${site}`;

function laterNested(later: readonly NestedStats[], earlier: readonly NestedStats[]) {
  const before = new Map(earlier.map((entry) => [nestedKey(entry), entry]));
  return later
    .map((now) => {
      const was = before.get(nestedKey(now));
      return {
        ...now,
        count: grown(now.count, was?.count ?? 0),
        waited: grown(now.waited, was?.waited ?? 0),
        refused: grown(now.refused, was?.refused ?? 0),
      };
    })
    .filter(({ count, refused }) => count > 0 || refused > 0);
}
