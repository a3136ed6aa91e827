/** How long an answer may be used, in milliseconds. */
export interface Windows {
  readonly ttlMillis: number;
  /** After that: served while it is read anew. */
  readonly swrMillis: number;
  /** After `ttl`: served when the source can't answer. */
  readonly staleOnErrorMillis: number;
}

/**
 * What an entry of this age is good for. `fresh`: for everybody. `stale`: for everybody, while it is read
 * anew. `kept`: only when the source can't answer. `gone`: for nobody.
 */
export type Freshness = 'fresh' | 'stale' | 'kept' | 'gone';

export function freshnessAt(ageMillis: number, windows: Windows): Freshness {
  const past = ageMillis - windows.ttlMillis;
  if (past < 0) return 'fresh';
  if (past < windows.swrMillis) return 'stale';
  if (past < windows.staleOnErrorMillis) return 'kept';
  return 'gone';
}

/** How long an entry is good for anything. */
export function lifetimeOf({ ttlMillis, swrMillis, staleOnErrorMillis }: Windows): number {
  return ttlMillis + Math.max(swrMillis, staleOnErrorMillis);
}
