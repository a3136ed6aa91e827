import type { Blocker, ServerSnapshot, Session } from '../wire.ts';

/** Those that run for long or are idle in a transaction, and have no part in a tree of locks; the longest first. */
export function looseSessions({
  blockers,
  longRunning,
  idleInTransaction,
}: ServerSnapshot): Session[] {
  const inTrees = new Set(blockers.flatMap(pidsOf));
  return [...longRunning, ...idleInTransaction]
    .filter(({ pid }) => !inTrees.has(pid))
    .sort((a, b) => (b.stateMillis ?? 0) - (a.stateMillis ?? 0));
}

function pidsOf({ pid, blocks }: Blocker): number[] {
  return [pid, ...blocks.flatMap(pidsOf)];
}
