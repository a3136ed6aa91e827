import { channel } from 'node:diagnostics_channel';
import type pg from 'pg';
import type { PoolStats, StatsOptions } from './stats/pool-stats.ts';

/**
 * How a pool came to be: `new Pool` of this package, a `pg.Pool` that was replaced, or one that is
 * pg's own and only measured.
 */
export type PoolMode = 'code' | 'protect' | 'observe';

export interface RegisteredPool {
  readonly mode: PoolMode;
  readonly pool: pg.Pool;
  /** As the pool's own `stats()`, also where a subclass has a method of that name. */
  stats(options?: StatsOptions): PoolStats;
}

/** Hears of each pool when it is made, whichever copy of this package makes it. */
const created = channel('lifeguard.pool');

/** One list for all copies of this package in a process (or worker thread). */
const POOLS = Symbol.for('lifeguard.pools');

/** Weak, for programs lose pools that they never end. */
type List = Set<WeakRef<RegisteredPool>>;

/** Keeps an entry for as long as its pool lives. */
const entries = new WeakMap<object, RegisteredPool>();

function list(): List {
  const scope = globalThis as { [POOLS]?: List };
  scope[POOLS] ??= new Set();
  return scope[POOLS];
}

/**
 * Adds a pool to those of the process; it leaves by itself when it has ended or was lost. Whoever subscribes to the
 * diagnostics channel `lifeguard.pool` hears of its entry, while its constructor may still be running.
 */
export function registerPool(mode: PoolMode, pool: object, stats: RegisteredPool['stats']): void {
  const entry: RegisteredPool = { mode, pool: pool as pg.Pool, stats };
  entries.set(pool, entry);
  // Sweeps: a program that makes a pool for every request would let the list grow.
  registeredPools();
  list().add(new WeakRef(entry));
  if (created.hasSubscribers) created.publish(entry);
}

/** The pools of this process (or worker thread) that have not ended, the oldest first. */
export function registeredPools(): RegisteredPool[] {
  const pools = list();
  const living: RegisteredPool[] = [];
  for (const reference of pools) {
    const entry = reference.deref();
    if (entry && !entry.pool.ended) living.push(entry);
    else pools.delete(reference);
  }
  return living;
}
