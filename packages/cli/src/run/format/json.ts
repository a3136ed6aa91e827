import type { HistogramSummary, Holder, PoolStats } from '@lifeguard/pool';
import type { RunSummary } from '../summary.ts';

const VERSION = 1;

/** For programs: one line, for the application may have written to the same stream. */
export function renderJson(summary: RunSummary): string {
  const { program, mode, startedAt, seconds, end, processes, unwatched, statements } = summary;
  return JSON.stringify({
    version: VERSION,
    command: 'run',
    program,
    mode,
    startedAt: startedAt.toISOString(),
    seconds,
    exitCode: end.exitCode,
    signal: end.kind === 'killed' ? end.signal : null,
    processes,
    stillRunning: summary.stillRunning,
    pools: summary.pools.map(({ name, mode: as, stats, refused, failed, owners }) => ({
      name,
      mode: as,
      connections: { max: stats.connections.max, peak: stats.connections.peak },
      counts: stats.counts,
      refused,
      failed,
      errors: stats.errors,
      ...times(stats),
      owners,
    })),
    unwatchedPools: unwatched,
    moments: summary.moments.map(({ from, to, holders, weight: _, ...moment }) => ({
      ...moment,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      holders: holders.map(withSite),
    })),
    incidents: summary.incidents.map((one) => ({
      kind: one.kind,
      severity: one.severity,
      title: one.title,
      evidence: one.evidence,
      cause: one.cause,
      remedy: one.remedy,
      count: one.count,
      pools: one.pools,
      owner: one.owner ?? null,
      route: one.route ?? null,
      site: one.site ?? null,
      statement: one.statement ?? null,
      firstSeen: one.firstSeen,
      lastSeen: one.lastSeen,
    })),
    statements,
  });
}

function times({ wait, use, create, service }: PoolStats) {
  return { wait: bare(wait), use: bare(use), create: bare(create), service: bare(service) };
}

function bare({ buckets: _, ...summary }: HistogramSummary): HistogramSummary {
  return summary;
}

function withSite(holder: Holder) {
  return { ...holder, site: holder.site ?? null };
}
