import { type RegisteredPool, registeredPools } from '@lifeguard/pool';
import type { Pools, WatchedPool } from './options.ts';

interface Known {
  readonly name: string;
  readonly watched: WatchedPool;
}

/** A pool keeps its name, and no other gets it. */
const known = new WeakMap<RegisteredPool, Known>();
let count = 0;

/**
 * All pools of this process that `@lifeguard/pool` knows: its own, and those that were adopted or are
 * only measured under `--import @lifeguard/pool/register`. For `createMonitor({ pools: everyPool })`.
 */
export function everyPool(): Pools {
  return Object.fromEntries(
    registeredPools().map((entry) => {
      let one = known.get(entry);
      if (!one) {
        one = { name: `pool ${++count}`, watched: watch(entry) };
        known.set(entry, one);
      }
      return [one.name, one.watched];
    }),
  );
}

function watch(entry: RegisteredPool): WatchedPool {
  const pool = entry.pool as unknown as Required<Omit<WatchedPool, 'reset' | 'reclaim'>> &
    Pick<WatchedPool, 'reset' | 'reclaim'>;
  return {
    stats: (options) => entry.stats(options),
    options: pool.options,
    query: (text) => pool.query(text),
    ...(pool.reset && { reset: () => pool.reset?.() }),
    ...(pool.reclaim && { reclaim: (id) => pool.reclaim?.(id) ?? false }),
    on: (event, listener) => pool.on(event, listener),
    off: (event, listener) => pool.off(event, listener),
  };
}
