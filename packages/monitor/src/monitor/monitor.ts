import { EventEmitter } from 'node:events';
import { hostname } from 'node:os';
import type { SlowOperation } from '@lifeguard/pool';
import { type Clock, systemClock } from '../clock.ts';
import { Delivery } from '../delivery/delivery.ts';
import { SlowLog, type SlowRecord } from '../delivery/slow-log.ts';
import { type Health, worstOf } from '../health/assess.ts';
import type { Patience } from '../health/vital.ts';
import type { IncidentRecord } from '../incidents/incident-log.ts';
import { byCause } from '../incidents/kinds.ts';
import type { MonitorOptions, Pools } from './options.ts';
import { type MonitorSnapshot, SNAPSHOT_VERSION } from './snapshot.ts';
import type { PoolTotals } from './totals.ts';
import { WatchedPools } from './watched-pools.ts';

const SAMPLE_MILLIS = 1_000;
/** One sign of life serves all who ask in a moment. */
const FRESH_MILLIS = 2_000;
/** A little longer than a sign of life is waited for. */
const PATIENCE_MILLIS = 5_500;

export interface MonitorEvents {
  /** An incident has begun, or has come back. */
  incident: [incident: IncidentRecord];
  /** An incident has not been seen for a while: it is over since its `overSince`. */
  over: [incident: IncidentRecord];
  /** An operation took long: of those that are alike one in a minute, and 20 in all. */
  slow: [operation: SlowRecord];
  /** Once a second, while the monitor is started. */
  sample: [snapshot: MonitorSnapshot];
  /** Once a second, while the monitor is started, after it has looked. */
  tick: [];
  /** A listener or the logger has thrown, or a webhook could not be told. */
  problem: [error: Error];
}

/** Watches pools: what they do, what goes wrong, why, and what to do about it. */
export interface Monitor {
  /** Looks at the pools once a second from now on; does not keep the process alive. May be called again. */
  start(): this;
  /** Looks no more. What was seen stays readable. */
  stop(): void;
  readonly isStarted: boolean;
  /** Those that it watches now, by name. */
  readonly pools: Pools;
  /** All that is known now, as plain JSON. Reads the pools' counters; asks the server nothing. */
  snapshot(): MonitorSnapshot;
  /** The pools' counters since they began, for those who export them. Reads counters; asks the server nothing. */
  totals(): PoolTotals[];
  /** Looks now, and tells what goes wrong, and what did: those that last first, causes first among them. */
  incidents(): IncidentRecord[];
  /** By the pools' counters and the last signs of life. Asks nobody. */
  health(): Health;
  /**
   * The same, with a sign of life of each database that is no older than `freshMillis` (default 2 000), if it
   * comes within `patienceMillis` (default 5 500); else with the last one. Never rejects.
   */
  check(patience?: Partial<Patience>): Promise<Health>;
  /** Every database has answered at least once. */
  readonly hasAnswered: boolean;
  /** The process is going: from now on `check` says `fail`, so that no more requests are sent to it. */
  drain(): void;
  on<E extends keyof MonitorEvents>(event: E, listener: (...args: MonitorEvents[E]) => void): this;
  off<E extends keyof MonitorEvents>(event: E, listener: (...args: MonitorEvents[E]) => void): this;
}

/**
 * Makes a monitor; `start()` sets it going.
 *
 * ```ts
 * const monitor = createMonitor({ pools: { main: pool } }).start();
 * monitor.on('incident', ({ title, remedy }) => console.warn(title, remedy));
 * ```
 *
 * @throws {TypeError} when something in `pools` is no pool.
 */
export function createMonitor(options: MonitorOptions): Monitor {
  return new PoolMonitor(options);
}

class PoolMonitor implements Monitor {
  readonly #clock: Clock;
  readonly #emitter = new EventEmitter<MonitorEvents>();
  readonly #watched: WatchedPools;
  readonly #delivery: Delivery;
  readonly #slowLog = new SlowLog();
  readonly #since: Date;
  #cancel: (() => void) | undefined;
  #isDraining = false;

  constructor(options: MonitorOptions) {
    const { clock = systemClock } = options;
    this.#clock = clock;
    this.#since = new Date(clock.wall());
    this.#watched = new WatchedPools(options, clock, (pool, operation) =>
      this.#noteSlow(pool, operation),
    );
    this.#delivery = new Delivery(options, {
      clock,
      totals: () => this.totals(),
      problem: (error) => this.#tell('problem', error),
    });
    // As many pages may look as like.
    this.#emitter.setMaxListeners(0);
  }

  get isStarted(): boolean {
    return this.#cancel !== undefined;
  }

  get pools(): Pools {
    return Object.fromEntries(this.#watched.now().map(({ name, pool }) => [name, pool]));
  }

  start(): this {
    if (this.#cancel) return this;
    this.#watched.listen();
    this.#delivery.start();
    this.#wait();
    return this;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#watched.stopListening();
    this.#delivery.stop();
  }

  snapshot(): MonitorSnapshot {
    const pools = this.#watched.now().map((watched) => watched.snapshot());
    return {
      version: SNAPSHOT_VERSION,
      at: new Date(this.#clock.wall()).toISOString(),
      process: { pid: process.pid, host: hostname(), since: this.#since.toISOString() },
      health: this.#asDraining(worstOf(pools.map(({ name, health }) => [name, health]))),
      pools,
      incidents: { active: this.#active(), past: this.#past() },
    };
  }

  totals(): PoolTotals[] {
    return this.#watched.now().map((watched) => watched.totals());
  }

  incidents(): IncidentRecord[] {
    this.#look();
    return [...this.#active(), ...this.#past()];
  }

  health(): Health {
    return this.snapshot().health;
  }

  async check({
    freshMillis = FRESH_MILLIS,
    patienceMillis = PATIENCE_MILLIS,
  }: Partial<Patience> = {}): Promise<Health> {
    const patience = { freshMillis, patienceMillis };
    const healths = await Promise.all(
      this.#watched
        .now()
        .map(async (watched) => [watched.name, await watched.check(patience)] as const),
    );
    return this.#asDraining(worstOf(healths));
  }

  get hasAnswered(): boolean {
    return this.#watched.now().every(({ ping }) => !ping || ping.hasAnswered);
  }

  drain(): void {
    this.#isDraining = true;
  }

  on<E extends keyof MonitorEvents>(event: E, listener: (...args: MonitorEvents[E]) => void): this {
    this.#emitter.on(event, listener as never);
    return this;
  }

  off<E extends keyof MonitorEvents>(
    event: E,
    listener: (...args: MonitorEvents[E]) => void,
  ): this {
    this.#emitter.off(event, listener as never);
    return this;
  }

  #asDraining(health: Health): Health {
    if (!this.#isDraining) return health;
    const checks = { ...health.checks, process: { status: 'fail', observed: 'draining' } as const };
    return { status: 'fail', checks };
  }

  #active(): IncidentRecord[] {
    return this.#watched
      .logs()
      .flatMap((log) => log.active())
      .sort(byCause);
  }

  #past(): IncidentRecord[] {
    return this.#watched
      .logs()
      .flatMap((log) => log.past())
      .sort((a, b) => b.lastSeen.localeCompare(a.lastSeen) || byCause(a, b));
  }

  #noteSlow(pool: string, operation: SlowOperation): void {
    const record = this.#slowLog.notice(pool, operation, this.#clock.now());
    if (!record) return;
    this.#delivery.tellSlow(record);
    this.#tell('slow', record);
  }

  #wait(): void {
    this.#cancel = this.#clock.after(SAMPLE_MILLIS, () => {
      this.#wait();
      this.#look();
      this.#delivery.tick();
      this.#tell('tick');
      if (this.#emitter.listenerCount('sample') > 0) this.#tell('sample', this.snapshot());
    });
  }

  #look(): void {
    for (const watched of this.#watched.now()) {
      for (const change of watched.look()) {
        this.#delivery.tell(change);
        this.#tell(change.type === 'began' ? 'incident' : 'over', change.incident);
      }
    }
  }

  /** Each listener for itself: what one throws must not keep the others, or the next look, from being. */
  #tell<E extends keyof MonitorEvents>(event: E, ...args: MonitorEvents[E]): void {
    for (const listener of this.#emitter.listeners(event)) {
      try {
        (listener as (...args: unknown[]) => void)(...args);
      } catch (error) {
        if (event !== 'problem') this.#tell('problem', error as Error);
      }
    }
  }
}
