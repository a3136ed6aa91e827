import { systemClock } from '../../clock.ts';
import { originalPool } from '../../original-pool.ts';
import type { PgClient, PgConnectCallback, PgModule, PgOwnPool } from '../../pg-internals.ts';
import { registerPool } from '../../registered-pools.ts';
import type { PoolStats, StatsOptions } from '../../stats/pool-stats.ts';
import { measureClient, textOf } from './measured-client.ts';
import { PoolMeter, type Purpose } from './pool-meter.ts';
import { safely } from './safely.ts';

const CHECKOUT: Purpose = { isStatement: false, text: undefined };

/**
 * Makes a pool class over one copy of `pg` that is pg's own in all it does, and has `stats()`.
 *
 * It stands on public methods, so that it serves every pg 8.
 */
export function defineObservedPool(module: PgModule): typeof PgOwnPool {
  const Base = originalPool(module) as unknown as typeof PgOwnPool;

  class ObservedPool extends Base {
    readonly #meter = new PoolMeter(systemClock);
    /** What `query` asks a connection for, while it does. */
    #purpose = CHECKOUT;

    constructor(...args: unknown[]) {
      super(...args);
      this.Client = measureClient(this.Client, this.#meter, () => this.totalCount);
      registerPool('observe', this, (options) => this.#stats(options));
    }

    stats(options?: StatsOptions): PoolStats {
      return this.#stats(options);
    }

    override connect(callback?: PgConnectCallback): unknown {
      const wanted = safely(() => this.#meter.wanted(this.#purpose));
      if (callback) {
        return super.connect((error, client, release) => {
          if (error || !client) {
            safely(() => wanted?.refused(error as Error));
            callback(error, client, release);
            return;
          }
          safely(() => wanted?.served(client));
          callback(error, client, client.release);
        });
      }
      return (super.connect() as Promise<PgClient>).then(
        (client) => {
          safely(() => wanted?.served(client));
          return client;
        },
        (error: Error) => {
          safely(() => wanted?.refused(error));
          throw error;
        },
      );
    }

    override query(...args: unknown[]): unknown {
      this.#purpose = { isStatement: true, text: textOf(args[0]) };
      try {
        return super.query(...args);
      } finally {
        this.#purpose = CHECKOUT;
      }
    }

    #stats(asked?: StatsOptions): PoolStats {
      const { totalCount: total, idleCount: idle, options } = this;
      return this.#meter.stats({ max: options.max ?? 0, total, idle }, asked);
    }
  }

  Object.defineProperty(ObservedPool, 'name', { value: Base.name });
  return ObservedPool;
}
