import { bucketBoundMillis, type Holder, type PoolStats } from '@lifeguard/pool';

/** What nobody notices is no moment. */
const SHORTEST_WAIT_MILLIS = 100;
/** A pause that is shorter belongs to it. */
const GAP_MILLIS = 3_000;
const MOST_HOLDERS = 2;
/** More than anybody reads; the mildest go. */
const MOST_KEPT = 50;

/** A while in which callers of a pool waited. */
export interface Moment {
  readonly pool: string;
  /** Time of day, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** The most that waited at once. */
  readonly mostWaiting: number;
  /** Who were served meanwhile, after a wait. */
  readonly waited: number;
  readonly longestMillis: number;
  /** Who waited in vain, or were refused. */
  readonly refused: number;
  /** Connections of the pool that were used when most waited, and those that it may open. */
  readonly used: number;
  readonly max: number;
  /** Who held them for the longest then. */
  readonly holders: readonly Holder[];
  /** What it has cost: callers times the time that they waited, as far as was seen. */
  readonly weight: number;
}

/** Finds the moments of one pool in its reports. Pure but for what it remembers. */
export class Moments {
  readonly #pool: string;
  #before: PoolStats | undefined;
  #at = 0;
  #moments: Moment[] = [];

  constructor(pool: string) {
    this.#pool = pool;
  }

  note(stats: PoolStats, at: number): void {
    const before = this.#before;
    const millis = before ? at - this.#at : 0;
    this.#before = stats;
    this.#at = at;
    const seen = this.#seen(stats, before, at, millis);
    if (!seen) return;
    const last = this.#moments.at(-1);
    if (last && seen.from - last.to <= GAP_MILLIS)
      this.#moments[this.#moments.length - 1] = joined(last, seen);
    else this.#moments.push(seen);
    if (this.#moments.length > MOST_KEPT) {
      // The last one may still go on.
      const mildest = this.#moments.slice(0, -1).reduce((a, b) => (b.weight < a.weight ? b : a));
      this.#moments = this.#moments.filter((one) => one !== mildest);
    }
  }

  all(): readonly Moment[] {
    return this.#moments;
  }

  #seen(
    stats: PoolStats,
    before: PoolStats | undefined,
    at: number,
    millis: number,
  ): Moment | undefined {
    const { pending, connections, counts } = stats;
    const longestMillis = longestSince(stats.wait, before?.wait);
    const refused = grown(refusedOf(counts), before && refusedOf(before.counts));
    const waited = grown(counts.waited, before?.counts.waited);
    const isOne =
      refused > 0 ||
      longestMillis >= SHORTEST_WAIT_MILLIS ||
      (pending > 0 && (before?.pending ?? 0) > 0);
    if (!isOne) return undefined;
    return {
      pool: this.#pool,
      from: at - millis,
      to: at,
      mostWaiting: pending,
      waited,
      longestMillis,
      refused,
      used: connections.checkedOut + connections.shared,
      max: connections.max,
      holders: stats.holders.slice(0, MOST_HOLDERS),
      weight: pending * millis + waited * longestMillis,
    };
  }
}

/** The worst of all pools' moments, in their order. */
export function worstMoments(moments: readonly Moment[], most: number): Moment[] {
  return [...moments]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, most)
    .sort((a, b) => a.from - b.from);
}

function joined(a: Moment, b: Moment): Moment {
  const worst = b.mostWaiting > a.mostWaiting ? b : a;
  return {
    ...worst,
    from: a.from,
    to: b.to,
    waited: a.waited + b.waited,
    refused: a.refused + b.refused,
    longestMillis: Math.max(a.longestMillis, b.longestMillis),
    weight: a.weight + b.weight,
  };
}

function refusedOf({ timeouts, shed }: PoolStats['counts']): number {
  return timeouts + shed;
}

function grown(now: number, before = 0): number {
  return Math.max(0, now - before);
}

/** The longest wait that ended since: to its bucket, unless it is the longest of all. */
function longestSince(now: PoolStats['wait'], before: PoolStats['wait'] | undefined): number {
  if (now.maxMillis > (before?.maxMillis ?? 0)) return now.maxMillis;
  const { buckets } = now;
  if (!buckets) return 0;
  const was = before?.buckets;
  const last = buckets.counts.findLastIndex(
    (count, i) => count > (was?.counts[buckets.from + i - was.from] ?? 0),
  );
  return last < 0 ? 0 : Math.min(bucketBoundMillis(buckets.from + last), now.maxMillis);
}
