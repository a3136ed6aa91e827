import type { Checkout } from './checkout/checkout.ts';
import type { Clock } from './clock.ts';
import type { ConnectionsSetup } from './connection/connections-setup.ts';
import type { PoolOverloadedError, PoolTimeoutError } from './errors/index.ts';
import type { PoolOptions } from './options/index.ts';
import type { PgClient } from './pg-internals.ts';
import type { Holder, Leak, NestedStats } from './stats/pool-stats.ts';
import type { RepeatedEvents } from './stats/repeated.ts';
import type { SlowOperation } from './stats/slow-operation.ts';

/** Why all connections are replaced: somebody asked for it, or too many of them were lost. */
export type ResetReason = 'requested' | 'losses';

/** What the pool tells the outside; the shell turns it into pg-pool's events. */
export interface PoolEvents extends RepeatedEvents {
  acquire(client: PgClient): void;
  release(error: unknown, client: PgClient): void;
  remove(client: PgClient): void;
  /** A connection failed that nobody was using. */
  idleError(error: Error, client: PgClient): void;
  timeout(error: PoolTimeoutError): void;
  shed(error: PoolOverloadedError): void;
  leak(leak: Leak, checkout: Checkout): void;
  /** A checkout that was told as a leak has been given back. */
  leakEnded(leak: Leak): void;
  /** A statement took long. */
  slow(operation: SlowOperation): void;
  /** A transaction was left open at release, and is rolled back. */
  abandoned(holder: Holder): void;
  /** Somebody who holds a connection asked for another one, for the first time at that place. */
  nested(found: NestedStats): void;
  reset(reason: ResetReason): void;
  ended(): void;
}

export interface CoreSetup extends ConnectionsSetup {
  readonly options: PoolOptions;
  readonly clock: Clock;
  readonly events: PoolEvents;
}
