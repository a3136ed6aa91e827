import type { Holder } from '../wire.ts';

/** Callers that do the same at the same place. */
export interface HolderGroup {
  readonly key: string;
  readonly owner: string;
  readonly site: string | undefined;
  readonly connections: number;
  readonly inTransaction: number;
  readonly longestMillis: number;
  /** The checkout that has lasted the longest. */
  readonly longestId: number;
  /** Of all of them together. */
  readonly heldMillis: number;
  readonly idleMillis: number;
}

/** Ten times the same line says less than one with a ten. The longest held come first. */
export function groupHolders(holders: readonly Holder[]): HolderGroup[] {
  const groups = new Map<string, HolderGroup>();
  for (const { id, owner, site, heldMillis, idleMillis, inTransaction } of holders) {
    const key = JSON.stringify([owner, site]);
    const before = groups.get(key);
    groups.set(key, {
      key,
      owner,
      site,
      connections: (before?.connections ?? 0) + 1,
      inTransaction: (before?.inTransaction ?? 0) + (inTransaction ? 1 : 0),
      longestMillis: Math.max(before?.longestMillis ?? 0, heldMillis),
      longestId: before && before.longestMillis >= heldMillis ? before.longestId : id,
      heldMillis: (before?.heldMillis ?? 0) + heldMillis,
      idleMillis: (before?.idleMillis ?? 0) + idleMillis,
    });
  }
  return [...groups.values()].sort((a, b) => b.longestMillis - a.longestMillis);
}
