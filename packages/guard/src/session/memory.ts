import { LruMap } from '../cache/lru-map.ts';

/** Kept apart from the valid ones: whoever sends invented sessions must not crowd those out. */
const MAX_REFUSED = 10_000;

interface Known<Value> {
  readonly proof: string | undefined;
  readonly validatedAt: number;
  readonly value: Value;
}

/** What earlier validations said, of the sessions used last, by their fingerprints. */
export class SessionMemory<Value> {
  readonly #valid: LruMap<string, Known<Value>>;
  readonly #refused = new LruMap<
    string,
    { readonly proof: string | undefined; readonly at: number }
  >(MAX_REFUSED);

  constructor(maxSessions: number) {
    this.#valid = new LruMap(maxSessions);
  }

  get size(): number {
    return this.#valid.size;
  }

  /** Undefined also for who brings another proof. */
  valid(key: string, proof: string | undefined): Known<Value> | undefined {
    const known = this.#valid.get(key);
    return known?.proof === proof ? known : undefined;
  }

  refusedAt(key: string, proof: string | undefined): number | undefined {
    const refused = this.#refused.get(key);
    return refused?.proof === proof ? refused?.at : undefined;
  }

  wasValid(key: string, proof: string | undefined, at: number, value: Value): void {
    const known = this.valid(key, proof);
    // Answers may come out of turn: what was asked later counts, and of what was asked at once the refusal.
    if (known && known.validatedAt > at) return;
    if ((this.refusedAt(key, proof) ?? Number.NEGATIVE_INFINITY) >= at) return;
    this.#valid.set(key, { proof, validatedAt: at, value });
    this.#refused.delete(key);
  }

  wasInvalid(key: string, proof: string | undefined, at: number): void {
    const known = this.valid(key, proof);
    if (known && known.validatedAt > at) return;
    if (known) this.#valid.delete(key);
    this.#refused.set(key, { proof, at });
  }

  forget(key: string): void {
    this.#valid.delete(key);
    this.#refused.delete(key);
  }
}
