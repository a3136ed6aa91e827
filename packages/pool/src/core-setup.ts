import type { Checkout } from './checkout/checkout.ts';
import type { Clock } from './clock.ts';
import type { ConnectionsSetup } from './connection/connections.ts';
import type { PoolTimeoutError } from './errors/index.ts';
import type { PoolOptions } from './options/index.ts';
import type { PgClient } from './pg-internals.ts';

/** What the pool tells the outside; the shell turns it into pg-pool's events. */
export interface PoolEvents {
  acquire(client: PgClient): void;
  release(error: unknown, client: PgClient): void;
  remove(client: PgClient): void;
  /** A connection failed that nobody was using. */
  idleError(error: Error, client: PgClient): void;
  timeout(error: PoolTimeoutError): void;
  leak(checkout: Checkout): void;
  ended(): void;
}

export interface CoreSetup extends Omit<ConnectionsSetup, 'recorder' | 'profiles'> {
  readonly options: PoolOptions;
  readonly clock: Clock;
  readonly events: PoolEvents;
}
