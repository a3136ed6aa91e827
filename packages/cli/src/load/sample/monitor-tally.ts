import type { MonitorSnapshot } from '@lifeguard/monitor';
import type { MonitorSamples, PoolSamples } from '../result/result.ts';

export type Snapshot = Pick<MonitorSnapshot, 'pools' | 'incidents'>;

type Series = { -readonly [K in keyof Omit<PoolSamples, 'name'>]: PoolSamples[K][number][] };

/** What a monitor told in the course of a load. */
export class MonitorTally {
  readonly #where: string;
  #startedAt: number | undefined;
  readonly #pools = new Map<string, Series>();
  #refusedBefore = new Map<string, number>();
  /** As they were told last, causes before symptoms. */
  readonly #incidents = new Map<string, MonitorSamples['incidents'][number]>();
  problem: string | null = null;

  constructor(where: string) {
    this.#where = where;
  }

  begin(now: number): void {
    this.#startedAt = now;
  }

  add(now: number, { pools, incidents }: Snapshot): void {
    const refused = new Map(
      pools.map(({ name, totals }) => [name, totals.timeouts + totals.shed] as const),
    );
    const before = this.#refusedBefore;
    this.#refusedBefore = refused;
    if (this.#startedAt === undefined) return;
    const at = Number(((now - this.#startedAt) / 1_000).toFixed(2));
    for (const { name, connections, pending, recent } of pools) {
      const series = this.#seriesOf(name);
      const total = refused.get(name) ?? 0;
      series.at.push(at);
      series.used.push(connections.used);
      series.idle.push(connections.idle);
      series.max.push(connections.max);
      series.pending.push(pending);
      series.waitP99.push(recent.wait.count === 0 ? null : recent.wait.p99Millis);
      series.refused.push(Math.max(0, total - (before.get(name) ?? total)));
    }
    for (const { id, kind, title, cause, remedy, count } of incidents.active) {
      this.#incidents.set(id, { kind, title, cause, remedy, count });
    }
  }

  result(): MonitorSamples {
    return {
      where: this.#where,
      pools: [...this.#pools].map(([name, series]) => ({ name, ...series })),
      incidents: [...this.#incidents.values()],
      problem: this.problem,
    };
  }

  #seriesOf(name: string): Series {
    let series = this.#pools.get(name);
    if (!series) {
      series = { at: [], used: [], idle: [], max: [], pending: [], waitP99: [], refused: [] };
      this.#pools.set(name, series);
    }
    return series;
  }
}
