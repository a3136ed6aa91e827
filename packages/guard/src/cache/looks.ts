import type { WallClock } from '../time/wall-clock.ts';
import type { Entry } from './entry.ts';
import { LruMap } from './lru-map.ts';

/** Forgotten ones only matter while a read from before the invalidation is still on its way. */
const MAX_DROPPED = 10_000;

/**
 * Looks for entries in the store: one look for everybody who wants the same, and none that finds what was
 * dropped. An entry that was read before may come back on some slow way: from a look that was under way, or
 * written by another process.
 */
export class Looks {
  readonly #find: (key: string) => Promise<Entry | undefined>;
  readonly #clock: WallClock;
  readonly #running = new Map<string, Promise<Entry | undefined>>();
  readonly #droppedAt = new LruMap<string, number>(MAX_DROPPED);
  #allDroppedAt = Number.NEGATIVE_INFINITY;

  constructor(find: (key: string) => Promise<Entry | undefined>, clock: WallClock) {
    this.#find = find;
    this.#clock = clock;
  }

  get(key: string): Promise<Entry | undefined> {
    const running = this.#running.get(key);
    if (running) return running;
    const look = this.#look(key).finally(() => {
      if (this.#running.get(key) === look) this.#running.delete(key);
    });
    this.#running.set(key, look);
    return look;
  }

  /** Who looks from now on does so anew. */
  drop(keys: readonly string[]): void {
    this.#running.clear();
    const now = this.#clock.now();
    for (const key of keys) this.#droppedAt.set(key, now);
  }

  dropAll(): void {
    this.#running.clear();
    this.#allDroppedAt = this.#clock.now();
  }

  async #look(key: string): Promise<Entry | undefined> {
    const entry = await this.#find(key);
    if (!entry) return undefined;
    const droppedAt = Math.max(this.#droppedAt.get(key) ?? 0, this.#allDroppedAt);
    return entry.readAt > droppedAt ? entry : undefined;
  }
}
