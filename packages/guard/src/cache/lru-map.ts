/** A Map of bounded size: what was used longest ago makes room. */
export class LruMap<Key, Value> {
  readonly #map = new Map<Key, Value>();
  readonly #max: number;
  readonly #onEvict: ((key: Key, value: Value) => void) | undefined;

  constructor(max: number, onEvict?: (key: Key, value: Value) => void) {
    this.#max = max;
    this.#onEvict = onEvict;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: Key): Value | undefined {
    const value = this.#map.get(key);
    if (value === undefined) return undefined;
    // A Map keeps the order of insertion: the first is the one used longest ago.
    this.#map.delete(key);
    this.#map.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.#map.delete(key);
    this.#map.set(key, value);
    if (this.#map.size <= this.#max) return;
    const [oldest] = this.#map;
    if (!oldest) return;
    this.#map.delete(oldest[0]);
    this.#onEvict?.(...oldest);
  }

  delete(key: Key): boolean {
    return this.#map.delete(key);
  }

  clear(): void {
    this.#map.clear();
  }

  /** Used longest ago first. */
  keys(): IterableIterator<Key> {
    return this.#map.keys();
  }
}
