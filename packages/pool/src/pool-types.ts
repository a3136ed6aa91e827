import type pg from 'pg';
import type { PoolTimeoutError } from './errors/index.ts';
import type { PoolConfig } from './options/index.ts';
import type { Holder, PoolStats } from './stats/pool-stats.ts';

/**
 * A `pg.Pool` that sends the statements of many callers over few connections, bounds every wait,
 * and knows who holds what.
 */
export interface Pool extends pg.Pool {
  /** The pool at this moment: connections, waits, holders, statements. Costs microseconds. */
  stats(): PoolStats;

  /** Serves those who wait, refuses the new, and closes. */
  end(): Promise<void>;
  end(callback: () => void): void;
  /** The same, but after `timeout` ms what is left is refused or cut. */
  end(options: { timeout?: number }): Promise<void>;

  /** A caller waited in vain. */
  on(event: 'timeout', listener: (error: PoolTimeoutError) => void): this;
  /** A checkout was held longer than `leakThresholdMillis`; told once. */
  on(event: 'leak', listener: (holder: Holder) => void): this;
  on(event: 'release', listener: (error: Error, client: pg.PoolClient) => void): this;
  on(event: 'connect' | 'acquire' | 'remove', listener: (client: pg.PoolClient) => void): this;
  on(event: 'error', listener: (error: Error, client: pg.PoolClient) => void): this;
}

export interface PoolConstructor {
  /**
   * Options come from `config`, the environment, the parameters of `DATABASE_URL` and defaults,
   * highest first.
   *
   * @throws {OptionsError} when a value makes no sense; it names the parameter and the remedy.
   */
  new (config?: PoolConfig): Pool;
  readonly prototype: Pool;
}
