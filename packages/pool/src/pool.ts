import { Announcer } from './announcer.ts';
import { runAlone } from './checkout/run-alone.ts';
import { systemClock } from './clock.ts';
import { cancelStatement } from './connection/cancel.ts';
import { classesOf } from './connection/client-classes.ts';
import { knock } from './connection/knock.ts';
import { sendMessenger } from './connection/messenger.ts';
import { PoolCore } from './core.ts';
import { PoolClosedError } from './errors/index.ts';
import {
  clientConfig,
  guardSecrets,
  type PoolConfig,
  type ResolvedOptions,
  resolveOptions,
} from './options/index.ts';
import { originalPool } from './original-pool.ts';
import {
  hasWire,
  type PgClient,
  type PgModule,
  type PgPoolBase,
  requirePipeline,
} from './pg-internals.ts';
import type { PoolConstructor } from './pool-types.ts';
import {
  hasQueryTimeout,
  type QueryArguments,
  type QueryCallback,
  readOptions,
  readQuery,
} from './query-arguments.ts';
import type { RequestOptions } from './queue/request-options.ts';
import { type PoolMode, registerPool } from './registered-pools.ts';
import { settleTo } from './settle.ts';
import type { StatsOptions } from './stats/pool-stats.ts';

interface EndOptions {
  timeout?: number | undefined;
}

type Callback = (error: Error | undefined, client?: PgClient, release?: () => void) => void;

function noop(): void {}

/** What differs between a pool that code asks for and one that takes pg's place unasked. */
export interface PoolMaking {
  readonly mode: PoolMode;
  readonly resolve: (config: PoolConfig | undefined) => ResolvedOptions;
}

const ASKED_FOR: PoolMaking = { mode: 'code', resolve: (config) => resolveOptions(config) };

/**
 * Makes the pool class over one copy of `pg`.
 *
 * `instanceof` looks at the very copy that a library has loaded: one that brings its own `pg`
 * (Prisma's adapter may) takes only a pool that extends that copy's `Pool`.
 */
export function definePool(module: PgModule, making: PoolMaking = ASKED_FOR): PoolConstructor {
  const Base = originalPool(module) as unknown as typeof PgPoolBase;

  const classesOver = classesOf(module);

  class LifeguardPool extends Base {
    readonly #core: PoolCore;
    /** False: its clients can't be pipelined, or pg sets a timer for each of their statements. */
    readonly #canShare: boolean;
    #end: Promise<void> | undefined;
    #ended: (() => void) | undefined;
    #isEnding = false;
    #isEnded = false;

    constructor(config?: PoolConfig) {
      requirePipeline(module);
      const { options, pgConfig } = making.resolve(config);
      super(pgConfig);
      guardSecrets(this.options);
      const { Client, queries } = classesOver(this.Client);
      const { onConnect, verify } = this.options;
      this.#canShare = hasWire(this.Client) && !hasQueryTimeout(this.options);
      // Read anew each time: programs put a fresh password into `pool.options`.
      const createClient = () =>
        new Client(clientConfig({ options: this.#core.options, pgConfig: this.options }));
      const events = new Announcer(this, () => {
        this.#isEnded = true;
        this.#ended?.();
      });
      this.#core = new PoolCore({
        options: this.#canShare ? options : { ...options, multiplex: false },
        clock: systemClock,
        createClient,
        cancel: (client, done) =>
          sendMessenger(
            createClient,
            (messenger) => cancelStatement(client, messenger, systemClock, done),
            () => done(true),
          ),
        knock: (done) =>
          sendMessenger(
            createClient,
            (messenger) => knock(messenger, systemClock, done),
            // That says nothing of the server.
            () => done(true),
          ),
        query: this.Client.prototype.query,
        queries,
        onConnect,
        verify,
        announce: (client) => events.connect(client),
        log: (...message) => this.log(...message),
        events,
      });
      registerPool(making.mode, this, () => this.#core.stats());
    }

    static {
      // pg-pool has fields of its own that programs look into; what it puts there is not kept.
      const fields: Readonly<Record<string, (pool: LifeguardPool) => unknown>> = {
        _clients: (pool) => pool.#core.clients,
        _idle: (pool) => pool.#core.idleClients.map((client) => ({ client })),
        _pendingQueue: (pool) => pool.#core.pendingRequests,
        ending: (pool) => pool.#isEnding,
        ended: (pool) => pool.#isEnded,
      };
      for (const [field, read] of Object.entries(fields)) {
        Object.defineProperty(LifeguardPool.prototype, field, {
          get(this: LifeguardPool) {
            return read(this);
          },
          set: noop,
          configurable: true,
        });
      }
    }

    get totalCount(): number {
      return this.#core.total;
    }

    get idleCount(): number {
      return this.#core.idleClients.length;
    }

    get waitingCount(): number {
      return this.#core.pending;
    }

    get expiredCount(): number {
      return this.#core.expired;
    }

    stats(options?: StatsOptions) {
      return this.#core.stats(options);
    }

    connect(first?: Callback | RequestOptions, second?: Callback): unknown {
      const callback = typeof first === 'function' ? first : second;
      return settleTo<PgClient>(
        this.Promise,
        callback && ((error, client) => callback(error, client, client?.release ?? noop)),
        (settle) => {
          if (this.#isEnding) settle(closed());
          else this.#core.checkout(settle, readOptions(first));
        },
      );
    }

    query(...args: unknown[]): unknown {
      if (typeof args[0] === 'function') {
        return settleTo(this.Promise, args[0] as QueryCallback, (settle) =>
          settle(functionFirst()),
        );
      }
      let given: QueryArguments;
      try {
        given = readQuery(args);
      } catch (error) {
        const callback = args.find((arg) => typeof arg === 'function');
        return settleTo(this.Promise, callback as QueryCallback | undefined, (settle) =>
          settle(error as Error),
        );
      }
      const { statement, options, rest, callback } = given;
      // Whoever has replaced `connect` (to set up a tenant, say) relies on every statement to pass it.
      const isReplaced = this.connect !== ownConnect;
      if (!statement || !this.#canShare || isReplaced)
        return this.#queryAlone(rest, options, callback);
      const profile = this.#core.profiles.of(statement.text);
      if (profile.class === 'exclusive') return this.#queryAlone(rest, options, callback);
      return settleTo(this.Promise, callback, (settle) => {
        if (this.#isEnding) settle(closed());
        else this.#core.query(statement, profile, settle, options);
      });
    }

    /** A statement that needs a session to itself; given back when it is answered. */
    #queryAlone(
      args: unknown[],
      options: RequestOptions | undefined,
      callback: QueryCallback | undefined,
    ): unknown {
      return settleTo(this.Promise, callback, (settle) => {
        const lent: Callback = (error, client) => {
          if (!client) settle(error);
          else runAlone(client, args, options?.signal, () => this.#core.unwanted(client), settle);
        };
        // Whoever has replaced it may know of a callback only.
        if (options) this.connect(options, lent);
        else this.connect(lent);
      });
    }

    /** Opens connections before anybody needs them: `count`, default `min` or 1, at most `max`. */
    prewarm(count = Math.max(this.options.min ?? 0, 1)): Promise<void> {
      return new this.Promise((resolve, reject) => {
        if (!Number.isInteger(count) || count < 1) {
          reject(new RangeError(`prewarm takes the number of connections to open, not ${count}`));
        } else if (this.#isEnding) reject(closed());
        else this.#core.prewarm(count, (error) => (error ? reject(error) : resolve()));
      });
    }

    /** Replaces every connection, each as soon as it has nothing to do; no caller is failed by it. */
    reset(): void {
      if (!this.#isEnding) this.#core.reset('requested');
    }

    reclaim(id: number): boolean {
      return this.#core.reclaim(id);
    }

    end(options?: EndOptions | (() => void)): unknown {
      this.log('ending');
      const callback = typeof options === 'function' ? options : undefined;
      const timeout = typeof options === 'object' ? options.timeout : undefined;
      return settleTo<void>(this.Promise, callback, (settle) => {
        if (this.#isEnding) settle(new Error('Called end on pool more than once'));
        else this.#drained(timeout).then(() => settle(undefined));
      });
    }

    /** As `end`, but whoever asks again waits for the same end. */
    async drain({ timeout }: EndOptions = {}): Promise<void> {
      return this.#drained(timeout);
    }

    [Symbol.asyncDispose](): Promise<void> {
      return this.#drained(undefined);
    }

    #drained(timeout = Number.POSITIVE_INFINITY): Promise<void> {
      if (typeof timeout !== 'number' || !(timeout >= 0)) {
        throw new RangeError(`the end takes a timeout in milliseconds, not ${timeout}`);
      }
      this.#isEnding = true;
      this.#end ??= new Promise((resolve) => {
        this.#ended = resolve;
      });
      this.#core.end(timeout);
      return this.#end;
    }
  }

  const ownConnect = LifeguardPool.prototype.connect;
  Object.defineProperty(LifeguardPool, 'name', { value: 'Pool' });
  return LifeguardPool as unknown as PoolConstructor;
}

/** pg-pool's own words, which programs look for. */
function closed(): PoolClosedError {
  return new PoolClosedError('Cannot use a pool after calling end on the pool');
}

/** pg-pool's words as well. */
function functionFirst(): TypeError {
  return new TypeError('Passing a function as the first parameter to pool.query is not supported');
}
