import type { Cache, CacheStats } from '@lifeguard/guard';
import { dropAfterCommit } from './after-commit.ts';
import type { Models } from './models.ts';
import { type ClientCacheOptions, openCache } from './options.ts';
import type { ReadStrategy } from './strategy.ts';

/** What to drop: answers with one of these tags, and those that one of these models is part of. */
export interface CacheInvalidation {
  readonly tags?: readonly string[];
  /** By their names in the schema, such as `Product`. */
  readonly models?: readonly string[];
}

/** The answers that are kept of one database. */
export interface PrismaCache {
  /**
   * Drops answers: in this process at once, in others when Redis has told them. In the body of a transaction
   * once more after its COMMIT, since who reads in between reads what was before.
   *
   * @throws TypeError when it says neither tags nor models, or a model that the schema does not have.
   */
  invalidate(what: CacheInvalidation): Promise<void>;
  /** Drops all answers of this database. */
  invalidateAll(): Promise<void>;
  /** How many answers came from where, and what is being loaded. */
  stats(): CacheStats;
}

/** One read whose answer may be kept. */
export interface KeptRead {
  readonly key: string;
  readonly models: Iterable<string>;
  readonly strategy: ReadStrategy;
}

/** An application's tags and ours are different ones. */
const ownTag = (tag: string) => `tag:${tag}`;
const modelTag = (model: string) => `model:${model}`;
/** Of answers that writes to the model drop. */
const writeTag = (model: string) => `write:${model}`;

export class ClientCache implements PrismaCache {
  readonly #cache: Cache;
  readonly #dropsAlways: boolean;
  readonly #isShared: boolean;
  /** Whether the options say how long answers are kept. */
  readonly hasTimes: boolean;
  /** Of the client that it is for, once there is one. */
  #models: (() => Models) | undefined;
  #dropsSome = false;
  #isUsed = false;

  /** Nothing is kept: every read goes to the database. */
  readonly isOff: boolean;

  /** @throws RangeError that names the option. */
  constructor(given: ClientCacheOptions | false, database: string) {
    const options = given || {};
    const { invalidateOnWrite = false, ttl, swr, staleOnError } = options;
    this.isOff = given === false;
    this.#cache = openCache(options, database);
    this.#dropsAlways = invalidateOnWrite;
    this.#isShared = options.redis !== undefined;
    this.hasTimes = this.isOff || (ttl ?? swr ?? staleOnError) !== undefined;
  }

  /** Whether any answer is to be dropped by writes. */
  get dropsOnWrite(): boolean {
    return this.#dropsAlways || this.#dropsSome;
  }

  /** Told of each client that is made over it. */
  knowModels(models: () => Models): void {
    this.#models ??= models;
  }

  read({ key, models, strategy }: KeptRead, load: () => Promise<unknown>) {
    this.#isUsed = true;
    const { rules, tags, invalidateOnWrite = this.#dropsAlways } = strategy;
    if (invalidateOnWrite) this.#dropsSome = true;
    const all = tags.map(ownTag);
    for (const model of models) {
      all.push(modelTag(model));
      if (invalidateOnWrite) all.push(writeTag(model));
    }
    return this.#cache.read(key, load, { ...rules, tags: all });
  }

  async invalidate({ tags = [], models = [] }: CacheInvalidation): Promise<void> {
    if (tags.length + models.length === 0) {
      throw new TypeError(
        "invalidate needs { tags: ['…'] } or { models: ['…'] }; invalidateAll() drops everything",
      );
    }
    const names = this.#models?.().names;
    const unknown = models.find((model) => names && !names.includes(model));
    if (names && unknown !== undefined) {
      throw new TypeError(`the schema has no model ${unknown}; it has ${names.join(', ')}`);
    }
    const all = [...tags.map(ownTag), ...models.map(modelTag)];
    dropAfterCommit(all);
    await this.drop(all);
  }

  async invalidateAll(): Promise<void> {
    await this.#cache.clear();
  }

  stats(): CacheStats {
    return this.#cache.stats();
  }

  tagsOfWrite(models: Iterable<string>): string[] {
    return Array.from(models, writeTag);
  }

  async drop(tags: readonly string[]): Promise<void> {
    // Nothing was ever kept, here or by anybody else.
    if (!this.#isUsed && !this.#isShared) return;
    await this.#cache.invalidate({ tags });
  }

  async close(): Promise<void> {
    await this.#cache.close();
  }
}
