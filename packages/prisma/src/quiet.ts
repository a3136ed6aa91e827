import type { Pool } from '@lifeguard/pool';

/** How often the pool is looked at while it drains. */
const LOOK_EVERY_MILLIS = 25;
/** Quiet for so long, the requests under way have asked for all that they need. */
const QUIET_MILLIS = 250;

function isQuiet(pool: Pool): boolean {
  return pool.waitingCount === 0 && pool.idleCount === pool.totalCount;
}

/** Resolves when nothing has used the pool for a moment, or when `timeoutMillis` have passed. */
export async function whenQuiet(pool: Pool, timeoutMillis: number): Promise<void> {
  const end = performance.now() + timeoutMillis;
  let quietSince = performance.now();
  while (performance.now() < end) {
    if (!isQuiet(pool)) quietSince = performance.now();
    else if (performance.now() - quietSince >= QUIET_MILLIS) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MILLIS));
  }
}
