import { count, duration } from '../incidents/words.ts';
import type { PoolTotals } from '../monitor/totals.ts';
import { type Sample, windowBetween } from '../sampling/window.ts';
import type { LogLine } from './logger.ts';

const EVERY_MILLIS = 60_000;
/** A program with endless pools gets no endless log. */
const MOST_POOLS = 20;

/** One line a minute for each pool that has done anything in it. */
export class MinuteLine {
  readonly #before = new Map<string, Sample>();
  #dueAt: number;

  constructor(now: number, pools: readonly PoolTotals[]) {
    this.#dueAt = now + EVERY_MILLIS;
    this.#remember(now, pools);
  }

  /** What is to be written now; `read` is called only once a minute. */
  lines(now: number, read: () => readonly PoolTotals[]): LogLine[] {
    if (now < this.#dueAt) return [];
    this.#dueAt = now + EVERY_MILLIS;
    const pools = read();
    const lines = pools.flatMap(({ name, stats }) => {
      const earlier = this.#before.get(name);
      const { stats: minute, seconds } = windowBetween(earlier ?? { at: now, stats }, {
        at: now,
        stats,
      });
      return seconds === 0 || isIdle(minute) ? [] : [describe(name, minute, seconds)];
    });
    this.#remember(now, pools);
    return lines.slice(0, MOST_POOLS);
  }

  #remember(at: number, pools: readonly PoolTotals[]): void {
    this.#before.clear();
    for (const { name, stats } of pools) this.#before.set(name, { at, stats });
  }
}

function isIdle({ counts, pending, connections, wait }: PoolTotals['stats']): boolean {
  const happened = Object.values(counts).some((each) => each > 0) || wait.count > 0;
  return !happened && pending === 0 && connections.checkedOut === 0 && connections.shared === 0;
}

function describe(pool: string, stats: PoolTotals['stats'], seconds: number): LogLine {
  const { connections, pending, counts, wait } = stats;
  const active = connections.checkedOut + connections.shared;
  const statementsPerMinute = Math.round((counts.statements * 60) / seconds);
  const refused = counts.timeouts + counts.shed > 0;
  return {
    level: refused ? 'warn' : 'info',
    text: [
      `pool ${pool}: ${active} of ${count(connections.max, 'connection')} active`,
      `${pending} pending`,
      `${count(counts.timeouts, 'time-out')}`,
      ...(counts.shed > 0 ? [`${counts.shed} refused at once`] : []),
      `${statementsPerMinute} statements a minute`,
      `99 of 100 waits within ${duration(wait.p99Millis)}`,
    ].join(', '),
    details: {
      pool,
      active,
      idle: connections.idle,
      max: connections.max,
      pending,
      timeouts: counts.timeouts,
      shed: counts.shed,
      statementsPerMinute,
      checkoutsPerMinute: Math.round((counts.checkouts * 60) / seconds),
      waitP99Millis: Number(wait.p99Millis.toFixed(2)),
      serviceP99Millis: Number(stats.service.p99Millis.toFixed(2)),
    },
  };
}
