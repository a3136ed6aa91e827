import type { EventEmitter } from 'node:events';
import type { PoolEvents, ResetReason } from './core-setup.ts';
import type { PoolOverloadedError, PoolTimeoutError } from './errors/index.ts';
import type { PgClient } from './pg-internals.ts';
import type { FanOutStats, Holder, Leak, NestedStats, NPlusOneStats } from './stats/pool-stats.ts';
import type { SlowOperation } from './stats/slow-operation.ts';

/** Tells the world of what happens in a pool: by pg-pool's events, and by some of our own. */
export class Announcer implements PoolEvents {
  readonly #pool: EventEmitter;
  readonly #ended: () => void;

  constructor(pool: EventEmitter, ended: () => void) {
    this.#pool = pool;
    this.#ended = ended;
  }

  connect(client: PgClient): void {
    this.#tell('connect', client);
  }

  acquire(client: PgClient): void {
    this.#tell('acquire', client);
  }

  release(error: unknown, client: PgClient): void {
    this.#tell('release', error, client);
  }

  remove(client: PgClient): void {
    this.#tell('remove', client);
  }

  /** Without a listener an 'error' event ends the process: a lost idle connection is no reason. */
  idleError(error: Error, client: PgClient): void {
    if (this.#pool.listenerCount('error') === 0) return;
    // As in pg-pool; not enumerable, for a logger would print the whole client.
    Object.defineProperty(error, 'client', { value: client, configurable: true });
    this.#tell('error', error, client);
  }

  timeout(error: PoolTimeoutError): void {
    this.#tell('timeout', error);
  }

  shed(error: PoolOverloadedError): void {
    this.#tell('shed', error);
  }

  leak(leak: Leak): void {
    this.#tell('leak', leak);
  }

  leakEnded(leak: Leak): void {
    this.#tell('leakEnded', leak);
  }

  slow(operation: SlowOperation): void {
    this.#tell('slow', operation);
  }

  abandoned(holder: Holder): void {
    this.#tell('abandoned', holder);
  }

  fanOut(found: FanOutStats): void {
    this.#tell('fanOut', found);
  }

  nPlusOne(found: NPlusOneStats): void {
    this.#tell('nPlusOne', found);
  }

  nested(found: NestedStats): void {
    this.#tell('nested', found);
  }

  reset(reason: ResetReason): void {
    this.#tell('reset', reason);
  }

  ended(): void {
    this.#ended();
  }

  /** What a listener throws must not meet the pool's own work: it surfaces as an uncaught error. */
  #tell(event: string, ...args: unknown[]): void {
    if (this.#pool.listenerCount(event) === 0) return;
    try {
      this.#pool.emit(event, ...args);
    } catch (thrown) {
      process.nextTick(() => {
        throw thrown;
      });
    }
  }
}
