import pg from 'pg';
import type { PgModule } from './pg-internals.ts';
import { definePool } from './pool.ts';
import type { PoolConstructor, Pool as PoolInstance } from './pool-types.ts';

/** The pool over the copy of `pg` that this package finds. */
export const Pool: PoolConstructor = definePool(pg as unknown as PgModule);
export type Pool = PoolInstance;

export { hearPooler } from './connection/hear-pooler.ts';
export { CallSite } from './context/call-site.ts';
export {
  type CallContext,
  currentContext,
  type Priority,
  withContext,
  withDeadline,
  withHold,
  withOwner,
  withPriority,
  withRequest,
} from './context/context.ts';
export { httpRequestsUnderWay, observeHttpRequests } from './context/http-requests.ts';
export type { Advice, Owner, Pattern } from './context/owner.ts';
export { RequestScope } from './context/request-scope.ts';
export {
  ConnectTimeoutError,
  type Outcome,
  PoolClosedError,
  PoolError,
  PoolOverloadedError,
  PoolTimeoutError,
  SelfDeadlockError,
  StatementTimeoutError,
} from './errors/index.ts';
export {
  describeOptions,
  type OptionName,
  OptionsError,
  type OptionWarning,
  optionsTable,
  type PoolConfig,
  type PoolOptions,
  type ResolvedOptions,
  redactUrl,
  resolveOptions,
} from './options/index.ts';
export type { PgModule } from './pg-internals.ts';
export { definePool } from './pool.ts';
export type { PoolConstructor, PooledClient } from './pool-types.ts';
export { type PoolMode, type RegisteredPool, registeredPools } from './registered-pools.ts';
export { isCertainlyRead } from './statement/certainly-read.ts';
export { maskLiterals, summarize as summarizeStatement } from './statement/summarize.ts';
export {
  bucketBoundMillis,
  type HistogramBuckets,
  type HistogramSummary,
  summarizeBuckets,
} from './stats/buckets.ts';
export type {
  FanOutStats,
  Holder,
  Leak,
  NestedStats,
  NPlusOneStats,
  OwnerStats,
  PoolStats,
  StatementStats,
  StatsOptions,
  WaitingStats,
} from './stats/pool-stats.ts';
export type { SlowOperation } from './stats/slow-operation.ts';
export { type KnownStats, statsOf } from './stats/stats-of.ts';
