/** Beyond that it is simpler to drop everything. */
const MAX_OWED = 1_000;

/** What is still to be dropped in a store that could not be reached. */
export class Owed {
  #keys = new Set<string>();
  #tags = new Set<string>();
  #isAll = false;

  get isEmpty(): boolean {
    return !this.#isAll && this.#keys.size + this.#tags.size === 0;
  }

  add(keys: readonly string[], tags: readonly string[]): void {
    if (this.#isAll) return;
    for (const key of keys) this.#keys.add(key);
    for (const tag of tags) this.#tags.add(tag);
    if (this.#keys.size + this.#tags.size > MAX_OWED) this.addAll();
  }

  addAll(): void {
    this.#isAll = true;
    this.#keys.clear();
    this.#tags.clear();
  }

  /** Hands all of it over: whoever takes it drops it, or adds it again. */
  take(): { readonly keys: string[]; readonly tags: string[]; readonly isAll: boolean } {
    const taken = { keys: [...this.#keys], tags: [...this.#tags], isAll: this.#isAll };
    this.#keys = new Set();
    this.#tags = new Set();
    this.#isAll = false;
    return taken;
  }
}
