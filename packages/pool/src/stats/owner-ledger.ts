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
  readonly #totals = new Map<string, OwnerTotals>();

  add(owner: string, { heldMillis, idleMillis }: Pick<Holder, 'heldMillis' | 'idleMillis'>): void {
    const totals = this.#totals.get(owner) ?? this.#begin(owner);
    totals.checkouts++;
    totals.heldMillis += heldMillis;
    totals.idleMillis += idleMillis;
    totals.maxHeldMillis = Math.max(totals.maxHeldMillis, heldMillis);
  }

  #begin(owner: string): OwnerTotals {
    const name = this.#totals.size < MOST_OWNERS ? owner : OTHERS;
    const known = this.#totals.get(name);
    if (known) return known;
    const totals = { checkouts: 0, heldMillis: 0, idleMillis: 0, maxHeldMillis: 0 };
    this.#totals.set(name, totals);
    return totals;
  }

  top(count: number): OwnerStats[] {
    return [...this.#totals]
      .map(([owner, totals]) => ({ owner, ...totals }))
      .sort((a, b) => b.heldMillis - a.heldMillis)
      .slice(0, count);
  }
}
