import type { BreakerStatus } from '@lifeguard/guard';
import type { HistogramSummary, Leak, PoolStats, SlowOperation } from '@lifeguard/pool';
import type { Clock } from '../clock.ts';
import type { Health } from '../health/assess.ts';
import { Ping } from '../health/ping.ts';
import { healthOf, type Patience, signOfLife } from '../health/vital.ts';
import { findIncidents } from '../incidents/find-incidents.ts';
import type { Detector } from '../incidents/incident.ts';
import { type IncidentChange, IncidentLog } from '../incidents/incident-log.ts';
import type { ReplicaStatus } from '../incidents/surroundings.ts';
import { laterDurations } from '../sampling/difference.ts';
import { Samples } from '../sampling/samples.ts';
import { figuresBetween, type Sample, windowBetween } from '../sampling/window.ts';
import type { WatchedPool, WatchedServer } from './options.ts';
import type { BreakerSnapshot, PoolSnapshot } from './snapshot.ts';
import type { PoolTotals } from './totals.ts';

/** For what moves: rates and times. */
const RECENT_MILLIS = 10_000;
/** For incidents, and for who and what costs most: long enough for a ratio, short enough to be over. */
export const WINDOW_MILLIS = 30_000;
/** For what is so at this moment. */
const NOW_MILLIS = 2_000;
/** How often a server that is gone is asked for a sign of life. */
const RECHECK_MILLIS = 5_000;
/** Of a window's owners and statements, how many are shown. */
const MOST_SHOWN = 20;
const ALL = { top: Number.POSITIVE_INFINITY, buckets: true };
const COUNTERS = { top: 0, buckets: true };

export interface WatchSetup {
  readonly name: string;
  readonly pool: WatchedPool;
  readonly breaker: { status(): BreakerStatus } | undefined;
  readonly replicas: (() => readonly ReplicaStatus[]) | undefined;
  readonly server: WatchedServer | undefined;
  readonly detectors: readonly Detector[];
  readonly clock: Clock;
  /** Told of each slow operation of the pool. */
  readonly slow: (pool: string, operation: SlowOperation) => void;
}

/** One pool, as the monitor has seen it so far. */
export class Watched {
  readonly name: string;
  readonly log: IncidentLog;
  /** Undefined: the pool takes no statements. */
  readonly ping: Ping | undefined;
  readonly #setup: WatchSetup;
  readonly #samples = new Samples(WINDOW_MILLIS);
  /** By the number of the checkout; undefined: nobody listens. */
  #leaks: Map<number, Leak> | undefined;
  /** Of those, what has been told since the last look: seen once, though it may have ended. */
  readonly #newLeaks = new Set<number>();
  readonly #onLeak = (leak: Leak) => {
    this.#leaks?.set(leak.id, leak);
    this.#newLeaks.add(leak.id);
  };
  readonly #onSlow = (operation: SlowOperation) => this.#setup.slow(this.name, operation);
  #fullSince: number | undefined;

  constructor(setup: WatchSetup) {
    this.name = setup.name;
    this.#setup = setup;
    const { clock, pool } = setup;
    this.ping = pool.query && new Ping((text) => pool.query?.(text), clock);
    this.log = new IncidentLog(
      setup.name,
      (at) => new Date(clock.wall() - Math.round(clock.now() - at)),
    );
    this.#samples.add(this.#read());
  }

  get pool(): WatchedPool {
    return this.#setup.pool;
  }

  /** Hears of leaks and slow operations from now on, and looks at the server. */
  listen(): void {
    if (this.pool.on) this.#leaks = new Map();
    this.pool.on?.('leak', this.#onLeak);
    this.pool.on?.('slow', this.#onSlow);
    this.#setup.server?.start();
  }

  stopListening(): void {
    this.pool.off?.('leak', this.#onLeak);
    this.pool.off?.('slow', this.#onSlow);
    this.#setup.server?.stop();
    this.#leaks = undefined;
  }

  /** Takes a sample, and finds out what has begun and what is over. */
  look(): IncidentChange[] {
    const sample = this.#read();
    const before = this.#samples.before(sample.at, WINDOW_MILLIS) ?? sample;
    this.#samples.add(sample);
    const { stats, seconds } = windowBetween(before, sample);
    const now = this.#samples.before(sample.at, NOW_MILLIS) ?? sample;
    const { breaker, detectors, replicas, server } = this.#setup;
    const isTold = server?.isToldElsewhere ?? false;
    const incidents = findIncidents(
      stats,
      {
        seconds,
        recentWait: laterDurations(sample.stats.wait, now.stats.wait),
        fullMillis: this.#fullMillis(sample.at),
        breaker: breaker?.status(),
        replicas: isTold ? replicas?.() : this.#replicas(),
        server: isTold ? undefined : server?.snapshot(),
        leaks: this.#leaksNow(sample.stats),
        ping: this.ping?.last?.outcome,
      },
      detectors,
    );
    this.#recheck(sample);
    return this.log.note({ at: sample.at, incidents, totals: sample.stats, before: before.stats });
  }

  /** Its health now, with a sign of life as fresh as asked for, if it comes in time. Never rejects. */
  async check(patience: Patience): Promise<Health> {
    if (this.ping) await signOfLife(this.ping, patience, this.#setup.clock);
    const sample = this.#read();
    return this.#health(sample, this.#recentWait(sample));
  }

  totals(): PoolTotals {
    const sample = this.#read(COUNTERS);
    const { pool, breaker } = this.#setup;
    return {
      name: this.name,
      stats: sample.stats,
      minIdle: pool.options?.min ?? 0,
      fullMillis: this.#fullMillis(sample.at),
      health: this.#health(sample, this.#recentWait(sample)).status,
      breaker: breaker?.status(),
      replicas: this.#replicas(),
      incidents: { active: this.log.lasting, begun: this.log.begun },
    };
  }

  snapshot(): PoolSnapshot {
    const sample = this.#read();
    const { at, stats } = sample;
    const recent = figuresBetween(this.#recentFrom(sample), sample);
    const window = windowBetween(this.#samples.before(at, WINDOW_MILLIS) ?? sample, sample);
    const { checkedOut, shared } = stats.connections;
    return {
      name: this.name,
      kind: this.pool.kind ?? 'pool',
      health: this.#health(sample, recent.wait),
      connections: { ...stats.connections, used: checkedOut + shared },
      pending: stats.pending,
      inFlight: stats.inFlight,
      fullMillis: this.#fullMillis(at),
      totals: stats.counts,
      recent: {
        seconds: recent.seconds,
        perSecond: perSecond(recent),
        wait: withoutBuckets(recent.wait),
        use: withoutBuckets(recent.use),
        create: withoutBuckets(recent.create),
        service: withoutBuckets(recent.service),
      },
      window: {
        seconds: window.seconds,
        errors: window.stats.errors,
        owners: window.stats.owners.slice(0, MOST_SHOWN),
        statements: window.stats.statements.slice(0, MOST_SHOWN),
        fanOuts: window.stats.fanOuts.slice(0, MOST_SHOWN),
        nested: window.stats.nested.slice(0, MOST_SHOWN),
      },
      holders: stats.holders,
      waiting: stats.waiting,
      lastConnectError: stats.lastConnectError ?? null,
      breaker: breakerSnapshot(this.#setup.breaker?.status()),
      replicas: this.#replicas(),
      server: this.#setup.server?.snapshot() ?? null,
    };
  }

  /** While the server seems to be gone and nobody else asks for it, somebody must notice its return. */
  #recheck({ stats }: Sample): void {
    const { connections, lastConnectError } = stats;
    const isCut = connections.total === connections.connecting && lastConnectError !== undefined;
    if (isCut || this.ping?.last?.outcome instanceof Error) void this.ping?.ask(RECHECK_MILLIS);
  }

  #health({ at, stats }: Sample, wait: HistogramSummary): Health {
    const { breaker } = this.#setup;
    return healthOf(stats, this.ping, at, {
      wait,
      breaker: breaker?.status(),
      replicas: this.#replicas(),
    });
  }

  /** Those that somebody reads from; else those that the server has. */
  #replicas(): readonly ReplicaStatus[] {
    const { replicas, server } = this.#setup;
    if (replicas) return replicas();
    const seen = server?.snapshot();
    // What was so when the server could be asked last is no news.
    return seen?.problem === null ? seen.replicas : [];
  }

  #recentWait(sample: Sample): HistogramSummary {
    return laterDurations(sample.stats.wait, this.#recentFrom(sample).stats.wait);
  }

  #recentFrom(sample: Sample): Sample {
    return this.#samples.before(sample.at, RECENT_MILLIS) ?? sample;
  }

  #read(options = ALL): Sample {
    const sample = { at: this.#setup.clock.now(), stats: this.#setup.pool.stats(options) };
    this.#noteFullness(sample);
    return sample;
  }

  #noteFullness({ at, stats }: Sample): void {
    const { total, idle, connecting } = stats.connections;
    // One that has none, because it gets none, is not full.
    const isFull = stats.pending > 0 && total > 0 && idle === 0 && connecting === 0;
    if (!isFull) this.#fullSince = undefined;
    else this.#fullSince ??= at;
  }

  #fullMillis(at: number): number {
    return this.#fullSince === undefined ? 0 : at - this.#fullSince;
  }

  /** Those that are still held, with the figures of now; and those that are news, though they are over. */
  #leaksNow({ holders }: PoolStats): Leak[] | undefined {
    if (!this.#leaks) return undefined;
    const leaks: Leak[] = [];
    for (const [id, leak] of this.#leaks) {
      const holder = holders.find((one) => one.id === id);
      if (holder || this.#newLeaks.has(id)) leaks.push({ ...leak, ...holder });
      if (!holder) this.#leaks.delete(id);
    }
    this.#newLeaks.clear();
    return leaks;
  }
}

function perSecond({ counts, errors, seconds }: ReturnType<typeof figuresBetween>) {
  const rate = (count: number) => (seconds === 0 ? 0 : count / seconds);
  const rates = { ...counts };
  for (const key of Object.keys(counts) as (keyof typeof counts)[]) {
    (rates as Record<string, number>)[key] = rate(counts[key]);
  }
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  return { ...rates, errors: rate(failed) };
}

function withoutBuckets({ buckets: _, ...summary }: PoolStats['wait']): PoolStats['wait'] {
  return summary;
}

function breakerSnapshot(status: BreakerStatus | undefined): BreakerSnapshot | null {
  if (!status) return null;
  const { state, since, reason, retryAfterMillis, refused = 0 } = status;
  const begun = since?.toISOString() ?? null;
  return { state, since: begun, reason: reason ?? null, retryAfterMillis, refused };
}
