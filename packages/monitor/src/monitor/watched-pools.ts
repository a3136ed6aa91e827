import type { Clock } from '../clock.ts';
import type { IncidentLog } from '../incidents/incident-log.ts';
import type { MonitorOptions, Pools } from './options.ts';
import { ServerWatches } from './server-watches.ts';
import { Watched, type WatchSetup } from './watched.ts';

/** Pools that are gone, whose incidents are still told. */
const MOST_GONE = 20;

/** The pools that the monitor watches: those that it was given, or those that there are now. */
export class WatchedPools {
  readonly #options: MonitorOptions;
  readonly #clock: Clock;
  readonly #slow: WatchSetup['slow'];
  readonly #servers: ServerWatches | undefined;
  readonly #watched = new Map<string, Watched>();
  #gone: IncidentLog[] = [];
  #isListening = false;

  constructor(options: MonitorOptions, clock: Clock, slow: WatchSetup['slow']) {
    this.#slow = slow;
    this.#options = options;
    this.#clock = clock;
    const { server } = options;
    this.#servers = server
      ? new ServerWatches({ clock, ...(server === true ? {} : server) })
      : undefined;
    this.now();
  }

  /** Those that there are now, in the order in which they were given. */
  now(): Watched[] {
    const { pools } = this.#options;
    const given = typeof pools === 'function' ? pools() : pools;
    for (const [name, watched] of this.#watched) {
      if (given[name] !== watched.pool) this.#leave(name, watched);
    }
    return Object.keys(given).map((name) => this.#watched.get(name) ?? this.#enter(name, given));
  }

  /** Of those that there are, and of the last that there were. */
  logs(): IncidentLog[] {
    return [...[...this.#watched.values()].map(({ log }) => log), ...this.#gone];
  }

  listen(): void {
    this.#isListening = true;
    for (const watched of this.#watched.values()) watched.listen();
  }

  stopListening(): void {
    this.#isListening = false;
    for (const watched of this.#watched.values()) watched.stopListening();
  }

  #enter(name: string, pools: Pools): Watched {
    const pool = pools[name];
    if (typeof pool?.stats !== 'function') {
      throw new TypeError(
        `pools.${name} has no stats(): give a Pool of @lifeguard/pool, or an entry of its registeredPools()`,
      );
    }
    const { breakers, replicas, servers, detectors = [] } = this.#options;
    const watched = new Watched({
      name,
      pool,
      breaker: breakers?.[name],
      replicas: replicas?.[name],
      server: servers?.[name] ?? this.#servers?.of(pool),
      detectors,
      clock: this.#clock,
      slow: this.#slow,
    });
    if (this.#isListening) watched.listen();
    this.#watched.set(name, watched);
    return watched;
  }

  #leave(name: string, watched: Watched): void {
    watched.stopListening();
    this.#watched.delete(name);
    watched.log.end();
    if (watched.log.past().length > 0)
      this.#gone = [watched.log, ...this.#gone].slice(0, MOST_GONE);
  }
}
