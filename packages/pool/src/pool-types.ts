import type pg from 'pg';
import type { ResetReason } from './core-setup.ts';
import type { PoolOverloadedError, PoolTimeoutError } from './errors/index.ts';
import type { PoolConfig } from './options/index.ts';
import type { RequestOptions } from './queue/request-options.ts';
import type {
  FanOutStats,
  Holder,
  Leak,
  NestedStats,
  NPlusOneStats,
  PoolStats,
  StatsOptions,
} from './stats/pool-stats.ts';
import type { SlowOperation } from './stats/slow-operation.ts';

/** A client that `await using` gives back. */
export type PooledClient = pg.PoolClient & AsyncDisposable;

type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/** The forms of `query` in which a statement has options of this pool's. */
interface QueryWithOptions {
  <R extends unknown[] = unknown[], I = unknown[]>(
    statement: pg.QueryArrayConfig<I> & RequestOptions,
    values?: pg.QueryConfigValues<I>,
  ): Promise<pg.QueryArrayResult<R>>;
  <R extends pg.QueryResultRow = pg.QueryResultRow, I = unknown[]>(
    statement: pg.QueryConfig<I> & RequestOptions,
    values?: pg.QueryConfigValues<I>,
  ): Promise<pg.QueryResult<R>>;
}

/**
 * A `pg.Pool` that sends the statements of many callers over few connections, bounds every wait,
 * and knows who holds what.
 */
export interface Pool extends pg.Pool {
  /** The pool at this moment: connections, waits, holders, statements. Costs microseconds. */
  stats(options?: StatsOptions): PoolStats;

  /** Serves those who wait, refuses the new, and closes. */
  end(): Promise<void>;
  end(callback: () => void): void;
  /** The same, but after `timeout` ms what is left is refused or cut. */
  end(options: { timeout?: number | undefined }): Promise<void>;

  /** As pg.Pool's; a statement may have a signal that ends it, and a priority. */
  query: pg.Pool['query'] & QueryWithOptions;

  /** As pg.Pool's, and with a signal that ends the wait, or a priority. */
  connect(): Promise<PooledClient>;
  connect(options: RequestOptions): Promise<PooledClient>;
  connect(callback: ConnectCallback): void;
  connect(options: RequestOptions, callback: ConnectCallback): void;

  /** As `end`, but whoever asks again waits for the same end; of several timeouts the first to pass counts. */
  drain(options?: { timeout?: number | undefined }): Promise<void>;
  /** Opens connections before anybody needs them: `count` (default `min`, or 1), at most `max`. */
  prewarm(count?: number): Promise<void>;
  /** Replaces every connection, each as soon as it has nothing to do. No caller is failed by it. */
  reset(): void;
  /**
   * Takes a connection from whoever holds it, as `reclaimLeaks` does: what was begun on it is rolled back, and its
   * holder is refused from then on. `id`: of `stats().holders`. False: that checkout has ended by itself.
   */
  reclaim(id: number): boolean;
  [Symbol.asyncDispose](): Promise<void>;

  /** A caller waited in vain. */
  on(event: 'timeout', listener: (error: PoolTimeoutError) => void): this;
  /** A caller was refused at once, because the pool is overloaded. */
  on(event: 'shed', listener: (error: PoolOverloadedError) => void): this;
  /** A checkout was held longer than `leakThresholdMillis`; told once. */
  on(event: 'leak', listener: (leak: Leak) => void): this;
  /** A checkout that was told as a leak has been given back after all. */
  on(event: 'leakEnded', listener: (leak: Leak) => void): this;
  /**
   * A statement outside of checkouts took `slowThresholdMillis` or more, from its call to its answer. With
   * `@lifeguard/prisma`: an operation, a batch or a transaction.
   */
  on(event: 'slow', listener: (operation: SlowOperation) => void): this;
  /** A checkout was given back with its transaction open; the pool rolls it back. */
  on(event: 'abandoned', listener: (holder: Holder) => void): this;
  /** A request sent many statements of one text at once, for the first time at that place. */
  on(event: 'fanOut', listener: (found: FanOutStats) => void): this;
  /** A request, or a transaction, sent many of one text in turn, for the first time at that place. */
  on(event: 'nPlusOne', listener: (found: NPlusOneStats) => void): this;
  /** Whoever holds a connection asked for another one, for the first time at that place. */
  on(event: 'nested', listener: (found: NestedStats) => void): this;
  /** All connections are being replaced: on request, or because many were lost in a short time. */
  on(event: 'reset', listener: (reason: ResetReason) => void): this;
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
