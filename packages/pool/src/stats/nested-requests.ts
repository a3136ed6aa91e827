import type { NestedRequest } from '../errors/self-deadlock-error.ts';
import type { NestedStats } from './pool-stats.ts';

const MOST_KEPT = 50;

/** Remembers who asked for a connection while holding one. */
export class NestedRequests {
  #seen:
    | Map<string, { count: number; waited: number; refused: number } & NestedRequest>
    | undefined;

  /** Returns what was not known before. */
  notice(nested: NestedRequest): NestedStats | undefined {
    const entry = this.#entry(nested);
    if (!entry) return undefined;
    entry.count++;
    return entry.count === 1 ? { ...entry } : undefined;
  }

  waited(nested: NestedRequest): void {
    const entry = this.#entry(nested);
    if (entry) entry.waited++;
  }

  refused(nested: NestedRequest): void {
    const entry = this.#entry(nested);
    if (entry) entry.refused++;
  }

  list(): NestedStats[] {
    return [...(this.#seen?.values() ?? [])]
      .map((entry) => ({ ...entry }))
      .sort((a, b) => b.count - a.count);
  }

  #entry(nested: NestedRequest) {
    const { holder, holderSite, asks, site } = nested;
    const key = `${holder}\n${holderSite}\n${asks}\n${site}`;
    this.#seen ??= new Map();
    let entry = this.#seen.get(key);
    if (!entry && this.#seen.size < MOST_KEPT) {
      entry = { ...nested, count: 0, waited: 0, refused: 0 };
      this.#seen.set(key, entry);
    }
    return entry;
  }
}
