import type { BreakerStatus } from '@lifeguard/guard';
import type { PoolStats, StatsOptions } from '@lifeguard/pool';
import type { Clock } from '../clock.ts';
import type { DeliveryOptions } from '../delivery/delivery.ts';
import type { Detector } from '../incidents/incident.ts';
import type { ReplicaStatus } from '../incidents/surroundings.ts';
import type { ServerWatchOptions } from '../server/server-watch.ts';
import type { ServerSnapshot } from '../server/view.ts';

type PoolEvent = 'leak' | 'slow';
/** Told a `Leak`, or of what is `slow` a `SlowOperation`. */
// biome-ignore lint/suspicious/noExplicitAny: overloads of many events are only related to this
type PoolListener = (told: any) => void;

/** What the monitor needs of a pool: a `Pool` of `@lifeguard/pool` has it, and an entry of `registeredPools()`. */
export interface WatchedPool {
  /** `server`: its statistics are of a server's connections as a whole. Default: `pool`. */
  readonly kind?: 'pool' | 'server' | undefined;
  stats(options?: StatsOptions): PoolStats;
  /** Of these, the monitor tells `min`. */
  readonly options?: { readonly min?: number | undefined } | undefined;
  /** For signs of life; without it, health is told by the counters alone. */
  query?(text: string): unknown;
  /** For the dashboard, where it is allowed to reset pools. */
  reset?(): void;
  /** For the dashboard, where it is allowed to take connections from whoever holds them. */
  reclaim?(id: number): boolean;
  on?(event: PoolEvent, listener: PoolListener): unknown;
  off?(event: PoolEvent, listener: PoolListener): unknown;
}

/** Looks at a server while it is started. */
export interface WatchedServer {
  start(): void;
  stop(): void;
  snapshot(): ServerSnapshot;
  /** Another pool stands on the same server: what goes wrong there is told with that one. */
  readonly isToldElsewhere?: boolean;
}

export type Pools = Readonly<Record<string, WatchedPool>>;

export interface MonitorOptions extends DeliveryOptions {
  /** By the name under which each is shown; or a function that is asked again at each look, such as `everyPool`. */
  readonly pools: Pools | (() => Pools);
  /** The breaker of a pool's server, by the pool's name: anything with `status()`. */
  readonly breakers?: Readonly<Record<string, { status(): BreakerStatus }>> | undefined;
  /** The replicas of a pool's server, by the pool's name, as somebody has found them. */
  readonly replicas?: Readonly<Record<string, () => readonly ReplicaStatus[]>> | undefined;
  /**
   * Looks at the servers of the pools as well, over one connection more for each server; default false. With
   * `{ statements: false }` it leaves `pg_stat_statements` alone.
   */
  readonly server?: boolean | ServerWatchOptions | undefined;
  /** The server of a pool, by the pool's name, where it is another one: as `watchServer` makes it. */
  readonly servers?: Readonly<Record<string, WatchedServer>> | undefined;
  /** Further detectors beside the built-in ones. */
  readonly detectors?: readonly Detector[] | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
}
