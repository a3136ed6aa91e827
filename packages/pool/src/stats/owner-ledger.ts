import type { Holder, OwnerStats } from './pool-stats.ts';

/** Owners come from code and routes, so they are few; beyond this, they are counted as one. */
const MOST_OWNERS = 500;
const OTHERS = 'others';
/** Less than this is the event loop's doing, and its place costs something to tell. */
const PAUSE_FROM_MILLIS = 50;

interface OwnerTotals {
  checkouts: number;
  heldMillis: number;
  idleMillis: number;
  maxHeldMillis: number;
  /** Of the one that was idle for longest. */
  mostIdleMillis: number;
  pauseAt: string | undefined;
}

/** What ended checkouts have cost, by owner. */
export class OwnerLedger {
  #byOwner: Map<string, OwnerTotals> | undefined;

  add(
    owner: string,
    { heldMillis, idleMillis }: Pick<Holder, 'heldMillis' | 'idleMillis'>,
    pauseAt?: () => string | undefined,
  ): void {
    this.#byOwner ??= new Map();
    const totals = this.#byOwner.get(owner) ?? begin(this.#byOwner, owner);
    totals.checkouts++;
    totals.heldMillis += heldMillis;
    totals.idleMillis += idleMillis;
    if (pauseAt && idleMillis >= PAUSE_FROM_MILLIS && idleMillis > totals.mostIdleMillis) {
      totals.mostIdleMillis = idleMillis;
      totals.pauseAt = pauseAt();
    }
    totals.maxHeldMillis = Math.max(totals.maxHeldMillis, heldMillis);
  }

  top(count: number): OwnerStats[] {
    return [...(this.#byOwner ?? [])]
      .map(([owner, { mostIdleMillis: _, pauseAt, ...totals }]) => ({
        owner,
        ...totals,
        ...(pauseAt !== undefined && { pauseAt }),
      }))
      .sort((a, b) => b.heldMillis - a.heldMillis)
      .slice(0, count);
  }
}

function begin(byOwner: Map<string, OwnerTotals>, owner: string): OwnerTotals {
  const name = byOwner.size < MOST_OWNERS ? owner : OTHERS;
  const known = byOwner.get(name);
  if (known) return known;
  const totals = {
    checkouts: 0,
    heldMillis: 0,
    idleMillis: 0,
    maxHeldMillis: 0,
    mostIdleMillis: 0,
    pauseAt: undefined,
  };
  byOwner.set(name, totals);
  return totals;
}
