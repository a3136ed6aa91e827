import { httpRequestsUnderWay, type Pool } from '@lifeguard/pool';

/** How often the pool is looked at while it drains. */
const LOOK_EVERY_MILLIS = 25;
/** A program that serves no HTTP shows only by a pause that it has done what it had to do. */
const QUIET_MILLIS = 250;

function isQuiet(pool: Pool): boolean {
  return (
    httpRequestsUnderWay() === 0 && pool.waitingCount === 0 && pool.idleCount === pool.totalCount
  );
}

/**
 * Resolves when no HTTP request is under way and nothing has used the pool for a moment, or when
 * `timeoutMillis` have passed.
 */
export async function whenQuiet(pool: Pool, timeoutMillis: number): Promise<void> {
  const end = performance.now() + timeoutMillis;
  let quietSince = performance.now();
  while (performance.now() < end) {
    if (!isQuiet(pool)) quietSince = performance.now();
    else if (performance.now() - quietSince >= QUIET_MILLIS) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MILLIS));
  }
}
