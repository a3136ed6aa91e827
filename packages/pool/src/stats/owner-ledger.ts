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

  add(ended: Holder): void {
    const known = this.#totals.has(ended.owner) || this.#totals.size < MOST_OWNERS;
    const owner = known ? ended.owner : OTHERS;
    let totals = this.#totals.get(owner);
    if (!totals) {
      totals = { checkouts: 0, heldMillis: 0, idleMillis: 0, maxHeldMillis: 0 };
      this.#totals.set(owner, totals);
    }
    totals.checkouts++;
    totals.heldMillis += ended.heldMillis;
    totals.idleMillis += ended.idleMillis;
    totals.maxHeldMillis = Math.max(totals.maxHeldMillis, ended.heldMillis);
  }

  top(count: number): OwnerStats[] {
    return [...this.#totals]
      .map(([owner, totals]) => ({ owner, ...totals }))
      .sort((a, b) => b.heldMillis - a.heldMillis)
      .slice(0, count);
  }
}
