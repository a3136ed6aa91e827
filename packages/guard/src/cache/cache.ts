import { AsyncResource } from 'node:async_hooks';
import { withoutDeadline } from '../deadline/deadline.ts';
import { harmless } from '../listener.ts';
import { NoAnswerError } from '../time/no-answer-error.ts';
import { type WallClock, wallClock } from '../time/wall-clock.ts';
import { within } from '../time/within.ts';
import { type Codec, createCodec } from './codec.ts';
import { Counters } from './counters.ts';
import { Entry } from './entry.ts';
import { Failures } from './failures.ts';
import { type Flight, Flights, type Landed } from './flights.ts';
import { type Freshness, freshnessAt } from './freshness.ts';
import { Looks } from './looks.ts';
import { isOutage } from './outage.ts';
import { RefreshSlots } from './refresh-slots.ts';
import { type Rules, requireCount, resolveRules, type SharedRules, shareRules } from './rules.ts';
import type { Store, StoreListener } from './store.ts';
import type {
  Cache,
  CacheAnswer,
  CacheOptions,
  CacheProblem,
  CacheState,
  CacheStats,
  Invalidation,
  Load,
  ReadOptions,
} from './types.ts';

const MAX_REFRESHES = 10;
/** By how much the clocks of two processes may differ. */
const MAX_SKEW_MILLIS = 5_000;

/** One read, with its rules resolved. */
interface Read {
  readonly key: string;
  readonly load: Load<unknown>;
  readonly tags: readonly string[];
  readonly rules: Rules;
}

/** A value of one reader's own. */
interface Copy {
  readonly value: unknown;
  readonly readAt: number;
}

/** Decides what a reader gets; where entries are kept is the store's business. */
export class CacheOverStore implements Cache {
  readonly #onProblem: (problem: CacheProblem) => void;
  readonly #rules: SharedRules;
  readonly #openStore: (listener: StoreListener) => Promise<Store>;
  readonly #clock: WallClock;
  readonly #codec: Codec;
  readonly #isOutage: (error: unknown) => boolean;
  readonly #slots: RefreshSlots;
  readonly #flights: Flights;
  readonly #failures: Failures;
  readonly #counters = new Counters();
  readonly #looks: Looks;
  readonly #writes = new Set<Promise<void>>();
  /** The async context that the cache was made in: none of a reader's. */
  readonly #outside = new AsyncResource('lifeguard.cache');
  #store: Promise<Store> | undefined;
  #opened: Store | undefined;

  constructor(
    options: CacheOptions,
    openStore: (listener: StoreListener) => Promise<Store>,
    clock = wallClock,
  ) {
    const { maxRefreshes = MAX_REFRESHES, maxEntries = 1, maxBytes = 1 } = options;
    requireCount(maxRefreshes, 'maxRefreshes');
    requireCount(maxEntries, 'maxEntries');
    requireCount(maxBytes, 'maxBytes');
    this.#onProblem = harmless(options.onProblem);
    this.#rules = shareRules(options);
    this.#openStore = openStore;
    this.#clock = clock;
    this.#codec = createCodec(options.types);
    this.#isOutage = options.isOutage ?? isOutage;
    this.#slots = new RefreshSlots(maxRefreshes);
    this.#flights = new Flights(this.#slots, clock);
    this.#failures = new Failures(clock);
    this.#looks = new Looks(async (key) => {
      const store = this.#opened ?? (await this.#open());
      return store.get(key);
    }, clock);
  }

  async get<T>(key: string, load: Load<T>, options?: ReadOptions): Promise<T> {
    return (await this.read(key, load, options)).value;
  }

  async read<T>(key: string, load: Load<T>, options: ReadOptions = {}): Promise<CacheAnswer<T>> {
    const rules = resolveRules(options, this.#rules);
    const read: Read = { key, load, tags: options.tags ?? [], rules };
    const entry = await this.#looks.get(key);
    const freshness = entry ? this.#freshnessOf(entry, rules) : 'gone';
    const copy = entry && freshness !== 'gone' ? this.#copyOf(entry, key) : undefined;
    if (!copy) return this.#load<T>(read);
    if (freshness === 'fresh') return this.#answer<T>(copy, 'fresh');
    if (freshness === 'kept') return this.#loadOrKeep<T>(read, copy);
    this.#refresh(read);
    return this.#answer<T>(copy, this.#failures.has(key) ? 'stale-on-error' : 'stale');
  }

  async invalidate({ keys = [], tags = [] }: Invalidation): Promise<void> {
    this.#drop(keys, tags);
    const store = this.#opened ?? (await this.#open());
    await store.invalidate(keys, tags);
  }

  async clear(): Promise<void> {
    this.#dropAll();
    const store = this.#opened ?? (await this.#open());
    await store.clear();
  }

  stats(): CacheStats {
    const { taken, waiting } = this.#slots;
    return { ...this.#counters.read(), loading: taken, waiting };
  }

  async close(): Promise<void> {
    await Promise.all(this.#writes);
    await (await this.#store)?.close();
  }

  async #load<T>(read: Read): Promise<CacheAnswer<T>> {
    const running = this.#flights.get(read.key);
    const flight = running ?? this.#start(read);
    return this.#loaded<T>(await flight.landing, flight !== running);
  }

  /** The source's answer if it comes in a while, and else the one that we have. */
  async #loadOrKeep<T>(read: Read, kept: Copy): Promise<CacheAnswer<T>> {
    const running = this.#flights.get(read.key);
    if (!running && this.#failures.isPausing(read.key)) {
      return this.#answer<T>(kept, 'stale-on-error');
    }
    const flight = running ?? this.#start(read);
    const patience = flight.startedAt + read.rules.softTimeoutMillis - this.#clock.now();
    // One that has taken that long already is hanging: nobody else waits for it.
    if (patience <= 0) return this.#answer<T>(kept, 'stale-on-error');
    try {
      const landed = await within(patience, 'the source', flight.landing, this.#clock);
      return this.#loaded<T>(landed, flight !== running);
    } catch (error) {
      if (!this.#meansNoAnswer(error)) throw error;
      return this.#answer<T>(kept, 'stale-on-error');
    }
  }

  /** In the background: only when there is a slot free for it, and not again right after it failed. */
  #refresh(read: Read): void {
    const { key } = read;
    if (this.#flights.get(key) || !this.#slots.isFree || this.#failures.isPausing(key)) return;
    const { landing } = this.#outside.runInAsyncScope(() => this.#start(read));
    landing.catch((error) => {
      this.#onProblem({ kind: 'refresh-failed', key, error });
    });
  }

  #start({ key, load, tags, rules }: Read): Flight {
    this.#counters.loads += 1;
    const { timeoutMillis, lifetimeMillis } = rules;
    const land = (flight: Flight, value: unknown, readAt: number): Landed => {
      const text = this.#encode(key, value);
      if (text !== undefined) this.#keep(flight, new Entry(text, readAt), lifetimeMillis);
      return { value, readAt, text };
    };
    const flight = withoutDeadline(() =>
      this.#flights.start({ key, load, tags, timeoutMillis, land }),
    );
    flight.landing.then(
      () => this.#failures.answered(key),
      (error) => {
        this.#counters.failedLoads += 1;
        if (this.#meansNoAnswer(error)) this.#failures.failed(key);
        else this.#failures.answered(key);
      },
    );
    return flight;
  }

  #keep({ key, tags, isOvertaken }: Flight, entry: Entry, lifetimeMillis: number): void {
    if (isOvertaken || lifetimeMillis === 0 || !this.#opened) return;
    const write = this.#opened.set(key, entry, { lifetimeMillis, tags }).finally(() => {
      this.#writes.delete(write);
    });
    this.#writes.add(write);
  }

  #encode(key: string, value: unknown): string | undefined {
    try {
      return this.#codec.encode(value);
    } catch (error) {
      this.#onProblem({ kind: 'not-storable', key, error });
      return undefined;
    }
  }

  /** Undefined when it can't be read here: written by a process that knows other types. */
  #copyOf({ text, readAt }: Entry, key: string): Copy | undefined {
    try {
      return { value: this.#codec.decode(text), readAt };
    } catch (error) {
      this.#onProblem({ kind: 'not-readable', key, error });
      return undefined;
    }
  }

  #meansNoAnswer(error: unknown): boolean {
    return error instanceof NoAnswerError || this.#isOutage(error);
  }

  #open(): Promise<Store> {
    this.#store ??= this.#openStore({
      invalidated: (keys, tags) => this.#drop(keys, tags),
      cleared: () => this.#dropAll(),
      missed: () => this.#missed(),
      failed: (error) => this.#onProblem({ kind: 'redis-failed', error }),
    }).then((store) => {
      this.#opened = store;
      return store;
    });
    return this.#store;
  }

  #drop(keys: readonly string[], tags: readonly string[]): void {
    this.#flights.invalidate(keys, tags);
    this.#looks.drop(keys);
  }

  /** What is being read may be old already; what the store has, it answers for itself. */
  #missed(): void {
    this.#flights.invalidateAll();
    this.#looks.drop([]);
  }

  #dropAll(): void {
    this.#flights.invalidateAll();
    this.#looks.dropAll();
  }

  #freshnessOf({ readAt }: Entry, rules: Rules): Freshness {
    // Set back since, a clock would keep it for so much longer.
    return readAt > this.#clock.now() + MAX_SKEW_MILLIS
      ? 'gone'
      : freshnessAt(this.#ageOf({ readAt }), rules);
  }

  #ageOf({ readAt }: { readonly readAt: number }): number {
    // The clock of whoever wrote it may be ahead of ours.
    return Math.max(0, this.#clock.now() - readAt);
  }

  #answer<T>({ value, readAt }: Copy, state: CacheState): CacheAnswer<T> {
    this.#counters.count(state);
    return { value: value as T, state, ageMillis: this.#ageOf({ readAt }), isLoaded: false };
  }

  /** Who started the load gets its value, all others a copy. */
  #loaded<T>({ value, text, readAt }: Landed, isOwn: boolean): CacheAnswer<T> {
    this.#counters.loaded += 1;
    const own = isOwn || text === undefined ? value : this.#codec.decode(text);
    return { value: own as T, state: 'fresh', ageMillis: this.#ageOf({ readAt }), isLoaded: true };
  }
}
