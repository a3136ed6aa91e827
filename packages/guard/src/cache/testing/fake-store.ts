import type { Entry } from '../entry.ts';
import type { Store } from '../store.ts';

interface Kept {
  readonly entry: Entry;
  readonly tags: readonly string[];
}

/** A store in memory that keeps entries for ever, and answers at once or when the test lets it. */
export class FakeStore implements Store {
  readonly kept = new Map<string, Kept>();
  readonly lifetimes = new Map<string, number>();
  looks = 0;
  /** While set, get() waits for it, with what was there when it was called. */
  gate: Promise<void> | undefined;

  async get(key: string): Promise<Entry | undefined> {
    this.looks += 1;
    const entry = this.kept.get(key)?.entry;
    await this.gate;
    return entry;
  }

  async set(
    key: string,
    entry: Entry,
    { lifetimeMillis, tags }: { lifetimeMillis: number; tags: readonly string[] },
  ): Promise<void> {
    this.kept.set(key, { entry, tags });
    this.lifetimes.set(key, lifetimeMillis);
  }

  async invalidate(keys: readonly string[], tags: readonly string[]): Promise<void> {
    for (const [key, kept] of this.kept) {
      if (keys.includes(key) || kept.tags.some((tag) => tags.includes(tag))) this.kept.delete(key);
    }
  }

  async clear(): Promise<void> {
    this.kept.clear();
  }

  async close(): Promise<void> {}
}
