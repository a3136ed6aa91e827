import type { PoolConfig as PgPoolConfig } from 'pg';

/** Every value that Lifeguard itself reads, with its default filled in. */
export interface PoolOptions {
  /** Most connections that this pool may open; default 10. */
  max: number;
  /** Connections kept open when idle; default 0. */
  min: number;
  /** Longest wait for a connection or a lane in ms; default 10 000, 0 waits without limit. */
  connectionTimeoutMillis: number;
  /** Longest TCP, TLS and login of one new connection in ms; default 5 000, 0 has no limit. */
  connectTimeoutMillis: number;
  /** Logins at the same time; default 1, against stampedes; without a shared lane `max`. */
  connectConcurrency: number;
  /** Idle time in ms after which a connection above `min` is closed; default 10 000, 0 is never. */
  idleTimeoutMillis: number;
  /** Age in seconds after which a connection is replaced; default 0, never. */
  maxLifetimeSeconds: number;
  /** Checkouts after which a connection is replaced; default Infinity. */
  maxUses: number;
  /** Most pending requests; the next one is refused; default Infinity. */
  maxWaiting: number;
  /** The server's own limit for one statement in ms, sent at login; default 0, no limit. */
  statementTimeoutMillis: number;
  /** Prepares repeated statements on the server; default true, off behind PgBouncer. */
  prepare: boolean;
  /** Most prepared statements per connection; default 100. */
  prepareCacheSize: number;
  /** Pipelines autocommit statements of many callers on shared connections; default true. */
  multiplex: boolean;
  /** Most statements in flight on one shared connection, from 20 on only very cheap ones; default 100. */
  multiplexDepth: number;
  /**
   * Sends BEGIN with the first statement, and lends a connection behind a COMMIT; default true, not
   * without `multiplex`.
   */
  pipelineTransactions: boolean;
  /** Keeps one connection for the shared lane when `max` is 3 or more; default true. */
  reserveShared: boolean;
  /** Time in ms after which a checkout is reported as a leak; default 0, off. */
  leakThresholdMillis: number;
  /** Time in ms from which on a statement is told as slow; default 1 000, 0 for none. */
  slowThresholdMillis: number;
  /** Takes a connection back whose checkout was reported as a leak; default false. */
  reclaimLeaks: boolean;
  /** Finds statements that one request repeats (N+1, fan-out); default true. */
  findRepeats: boolean;
  /** Lets the process exit while idle connections are open; default false. */
  allowExitOnIdle: boolean;
  /** Name shown in pg_stat_activity. */
  applicationName: string | undefined;
  /** What stands between this pool and the server; default 'none'. */
  pooler: 'none' | 'pgbouncer';
  /** TCP keep-alive, so that a dead peer is found; default true. */
  keepAlive: boolean;
  /** Idle time in ms before the first keep-alive probe; default 10 000. */
  keepAliveInitialDelayMillis: number;
}

export type OptionName = keyof PoolOptions;

/** An option that is undefined counts as not given. */
type OwnOptions = {
  [Name in Exclude<OptionName, keyof PgPoolConfig>]?: PoolOptions[Name] | undefined;
};

/** Options in code: all of pg.PoolConfig, and Lifeguard's own. */
export interface PoolConfig extends PgPoolConfig, OwnOptions {
  /** pg-pool's older name of `max`. */
  poolSize?: number | undefined;
}

/** Where a value came from, under the name that the user wrote there. */
export interface Origin {
  from: 'code' | 'environment' | 'url' | 'default';
  name: string;
}

/** Something accepted that is probably not meant so. */
export interface OptionWarning {
  parameter: string;
  /** One line that names the parameter and the remedy. */
  message: string;
  /** The name is not one that Lifeguard, node-postgres or libpq know: a caller may refuse it. */
  unknown?: boolean;
}

export interface ResolvedOptions {
  options: PoolOptions;
  /** For pg.Pool's constructor: the user's own config and the values above under pg's names. */
  pgConfig: PgPoolConfig;
  origins: Record<OptionName, Origin>;
  warnings: OptionWarning[];
  /** `?schema=` of the URL, for Prisma's adapter, which does not read it itself. */
  schema?: string;
}
