import type { Holder, OwnerStats } from './pool-stats.ts';

/** Owners come from code and routes, so they are few; beyond this, they are counted as one. */
const MOST_OWNERS = 500;
const OTHERS = 'others';

interface OwnerTotals {
  checkouts: number;
  heldMillis: number;
  idleMillis: number;
  maxHeldMillis: number;
}

/** What ended checkouts have cost, by owner. */
export class OwnerLedger {
  #byOwner: Map<string, OwnerTotals> | undefined;

  add(owner: string, { heldMillis, idleMillis }: Pick<Holder, 'heldMillis' | 'idleMillis'>): void {
    this.#byOwner ??= new Map();
    const totals = this.#byOwner.get(owner) ?? begin(this.#byOwner, owner);
    totals.checkouts++;
    totals.heldMillis += heldMillis;
    totals.idleMillis += idleMillis;
    totals.maxHeldMillis = Math.max(totals.maxHeldMillis, heldMillis);
  }

  top(count: number): OwnerStats[] {
    return [...(this.#byOwner ?? [])]
      .map(([owner, totals]) => ({ owner, ...totals }))
      .sort((a, b) => b.heldMillis - a.heldMillis)
      .slice(0, count);
  }
}

function begin(byOwner: Map<string, OwnerTotals>, owner: string): OwnerTotals {
  const name = byOwner.size < MOST_OWNERS ? owner : OTHERS;
  const known = byOwner.get(name);
  if (known) return known;
  const totals = { checkouts: 0, heldMillis: 0, idleMillis: 0, maxHeldMillis: 0 };
  byOwner.set(name, totals);
  return totals;
}
