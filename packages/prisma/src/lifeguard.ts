import type { Guard, GuardListener, Session, SessionGuard } from '@lifeguard/guard';
import type { Dashboard, DashboardOptions, Health, Monitor } from '@lifeguard/monitor';
import {
  type OptionWarning,
  observeHttpRequests,
  type Pool,
  type PoolConfig,
  type PoolStats,
  resolveOptions,
} from '@lifeguard/pool';
import { PrismaPg } from '@prisma/adapter-pg';
import { assertTaken, poolClassForAdapter } from './adapter/adapter-pg.ts';
import { translateErrors } from './adapter/translated-adapter.ts';
import { droppingAfterCommit } from './cache/after-commit.ts';
import { cached } from './cache/cached.ts';
import { ClientCache, type PrismaCache } from './cache/client-cache.ts';
import { databaseOf } from './cache/database.ts';
import { droppedByWrites } from './cache/dropped-by-writes.ts';
import type { ClientCacheOptions } from './cache/options.ts';
import { Dashboards } from './dashboards.ts';
import { serverOf } from './errors/server-of.ts';
import type { PoolFacts } from './errors/translate.ts';
import { type Extension, lifeguardExtension } from './extension/extension.ts';
import { guarded } from './extension/guarded.ts';
import { owned } from './extension/owned.ts';
import { CallRegistry, type CallSites } from './faces/operation-calls.ts';
import { groupStatements } from './grouped/adapter.ts';
import { GroupedReads } from './grouped/reads.ts';
import { guardFrom, type LifeguardGuardOptions, withDeadline } from './guard.ts';
import { type LifeguardMonitorOptions, monitorFor } from './monitoring.ts';
import { type SessionOptions, Sessions } from './session.ts';
import { type ShutdownOptions, shutdownOnce } from './shutdown.ts';
import { drainOnSignal } from './signals.ts';
import { checkDefaults, type TransactionDefaults } from './transaction/options.ts';
import { findingsByDefault, type OnFinding, tellFindings } from './watch/findings.ts';
import { type OnSlow, slowByDefault, slowTeller } from './watch/slow-operations.ts';

export interface LifeguardOptions extends Omit<PoolConfig, 'connectionString'> {
  /** Where the database is, with Prisma 6's parameters; default `DATABASE_URL`. */
  url?: string | undefined;
  /** Drain on SIGTERM and SIGINT; default true. */
  signals?: boolean;
  /** Name what a request does by its route, and drain by requests; default true. */
  observeRequests?: boolean;
  /**
   * How long an operation may take with all its attempts, in milliseconds; default: without limit.
   * `$transaction` has limits of its own.
   */
  deadlineMillis?: number;
  /** Retries and breaker; `guard.retry: false` and `guard.breaker: false` switch them off. */
  guard?: LifeguardGuardOptions;
  /** Where incidents are told, and whether the server is looked at as well; default: nowhere, and not. */
  monitor?: LifeguardMonitorOptions;
  /** What is kept of reads with a `cacheStrategy`; `false` keeps nothing. */
  cache?: ClientCacheOptions | false;
  /** Limits and retries of `$transaction`; default: those of the client, which are 2 000 and 5 000 ms. */
  transactions?: TransactionDefaults;
  /**
   * Of which operations it is noted where they are called: `always`, `adaptive` (in transactions, of
   * slow and of repeated ones) or `never`; default `always`, in production `adaptive`.
   */
  callSites?: CallSites;
  /** Told at once of loops, fan-outs and self-deadlocks in the code, of each place once; false: never. */
  onFinding?: OnFinding | false;
  /**
   * Told of operations that took `slowThresholdMillis` (1 000) or more: of those that are alike one in a minute, and 20
   * in all; false: never.
   */
  onSlow?: OnSlow | false;
  /** Told of options that are probably not meant so; default `console.warn`. */
  onWarning?: (warning: OptionWarning) => void;
}

/** What keeps one Prisma Client afloat. */
export interface Lifeguard {
  /** For `new PrismaClient({ adapter })`. */
  readonly adapter: PrismaPg;
  /** For `prisma.$extends(extension)`. */
  readonly extension: Extension;
  readonly pool: Pool;
  /** The answers that are kept: also `prisma.$lifeguard`. */
  readonly cache: PrismaCache;
  /** What goes wrong, why, and what to do; looks at the pool once a second until the shutdown. */
  readonly monitor: Monitor;
  /** Asks the database for a sign of life, for 5 s at most, and looks at the pool. Never rejects. */
  health(): Promise<Health>;
  stats(): PoolStats;
  /**
   * The page that shows it, to be mounted at an address of the application: `app.mount('/lifeguard',
   * db.dashboard().fetch)`. Closed to all but loopback or a token. Ends with the client.
   *
   * @throws {TypeError} when the token is too short to be one.
   */
  dashboard(options?: DashboardOptions): Dashboard;
  /**
   * Checks sessions without a query for every request: they are validated once a minute, kept for a while when
   * the database gives no answer, and revoked at once. Ends with the client.
   */
  session<S extends Session, Value>(options: SessionOptions<S, Value>): SessionGuard<S, Value>;
  /** What retries and refuses: its breaker's status, and `run` for what goes around Prisma. */
  readonly guard: Guard;
  /** Tells of each decision of the guard; the returned function ends that. */
  onEvent(listener: GuardListener): () => void;
  /**
   * Runs `run` so that nothing which it asks of the database goes on after `millis`, and answers then at the
   * latest; of nested deadlines the earlier holds.
   *
   * @throws what `run` throws; P1008 at the deadline.
   */
  withDeadline<T>(millis: number, run: () => PromiseLike<T>): Promise<T>;
  /**
   * Waits until no HTTP request is under way and nothing uses the pool, at most `timeout` ms
   * (default 10 000), then closes it.
   * May be called more than once.
   */
  shutdown(options?: ShutdownOptions): Promise<void>;
}

/**
 * A pool, an adapter and an extension for Prisma 7.
 *
 * ```ts
 * const db = lifeguard({ url: process.env.DATABASE_URL });
 * const prisma = new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
 * ```
 *
 * @throws {OptionsError} when an option or a parameter of the URL makes no sense.
 */
export function lifeguard(options: LifeguardOptions = {}): Lifeguard {
  const {
    url,
    signals = true,
    observeRequests = true,
    callSites = process.env.NODE_ENV === 'production' ? 'adaptive' : 'always',
    onWarning = warn,
    deadlineMillis,
    guard: guardOptions,
    monitor: monitorOptions,
    onFinding = findingsByDefault(monitorOptions?.logger),
    onSlow = slowByDefault(monitorOptions?.logger),
    cache: cacheOptions = {},
    transactions = {},
    ...config
  } = options;
  const poolConfig: PoolConfig = url === undefined ? config : { ...config, connectionString: url };
  const resolved = resolveOptions(poolConfig);
  for (const warning of resolved.warnings) onWarning(warning);

  const PoolClass = poolClassForAdapter();
  const pool = new PoolClass(poolConfig);
  const { schema } = resolved;
  const factory = new PrismaPg(pool, schema === undefined ? {} : { schema });
  assertTaken(factory, pool);
  const facts: PoolFacts = { options: resolved.options, server: () => serverOf(pool) };
  const reads = new GroupedReads();
  const adapter = translateErrors(groupStatements(factory, reads), pool, facts);
  const guard = guardFrom(guardOptions, deadlineMillis);
  const sessions = new Sessions(pool, resolved.options);
  const cache = new ClientCache(cacheOptions, databaseOf(pool, schema));

  const monitor = monitorFor(pool, guard, monitorOptions);
  if (onFinding) tellFindings(pool, onFinding);
  if (onSlow) monitor.on('slow', onSlow);
  const dashboards = new Dashboards(monitor);
  const stopObserving = observeRequests ? observeHttpRequests() : () => {};
  const shutdown = shutdownOnce({
    pool,
    monitor,
    begins: () => {
      stopSignals();
      dashboards.close();
    },
    isQuiet: async () => {
      stopObserving();
      await Promise.all([sessions.close(), cache.close()]);
    },
  });
  const stopSignals = signals ? drainOnSignal(shutdown) : () => {};

  return {
    adapter,
    extension: lifeguardExtension({
      layers: [cached(cache, pool), droppedByWrites(cache), owned],
      ask: guarded(guard, facts),
      transactions: {
        guard,
        facts,
        defaults: checkDefaults(transactions),
        around: (transaction) => droppingAfterCommit((tags) => cache.drop(tags), transaction),
      },
      reads,
      calls: new CallRegistry(callSites, slowTeller(pool, resolved.options.slowThresholdMillis)),
      cache,
    }),
    pool,
    cache,
    monitor,
    health: () => monitor.check({ freshMillis: 0 }),
    stats: () => pool.stats(),
    dashboard: (options) => dashboards.open(options),
    session: (options) => sessions.open(options),
    guard,
    onEvent: (listener) => guard.subscribe(listener),
    withDeadline: (millis, run) => withDeadline(millis, run, facts),
    shutdown,
  };
}

function warn({ parameter, message }: OptionWarning): void {
  console.warn(`lifeguard: ${parameter}: ${message}`);
}
