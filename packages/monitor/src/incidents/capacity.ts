import type { PoolStats } from '@lifeguard/pool';
import type { Surroundings } from './surroundings.ts';
import { percent } from './words.ts';

/** What the pool's connections could do in the window, in connection-milliseconds. */
export function capacityMillis(
  { connections }: PoolStats,
  { seconds }: Surroundings,
): number | undefined {
  return seconds === undefined ? undefined : connections.max * seconds * 1_000;
}

/** Below this share of the pool's time nobody is to blame for a full pool. */
const NOTABLE_SHARE = 0.1;

interface User {
  readonly what: string;
  readonly millis: number;
}

/** Who used most of the connections' time in the window: checkouts by owner, statements by text. */
export function mainUsers(stats: PoolStats, around: Surroundings, most = 3): string[] {
  const capacity = capacityMillis(stats, around);
  if (!capacity) return [];
  const users: User[] = [
    ...heldByOwner(stats, around).map(([owner, millis]) => ({ what: `held by ${owner}`, millis })),
    ...stats.statements.map(({ statement, totalMillis }) => ({
      what: `spent on ${statement}`,
      millis: totalMillis,
    })),
  ];
  return users
    .filter(({ millis }) => millis >= capacity * NOTABLE_SHARE)
    .sort((a, b) => b.millis - a.millis)
    .slice(0, most)
    .map(
      ({ what, millis }) => `${percent(Math.min(1, millis / capacity))} of its time was ${what}`,
    );
}

/** With those that hold a connection now: the worst one never ends. */
function heldByOwner({ owners, holders }: PoolStats, { seconds = 0 }: Surroundings) {
  const held = new Map(owners.map(({ owner, heldMillis }) => [owner, heldMillis]));
  for (const { owner, heldMillis } of holders) {
    held.set(owner, (held.get(owner) ?? 0) + Math.min(heldMillis, seconds * 1_000));
  }
  return [...held];
}
