export {
  type AuthJsSession,
  type AuthJsToken,
  authJsJwt,
  authJsSessionId,
  type Bus,
  type Diagnosis,
  diagnose,
  type Guard,
  type GuardEvent,
  type GuardListener,
  postgresBus,
  redisBus,
  type Session,
  type SessionGuard,
  type SessionVerdict,
} from '@lifeguard/guard';
export type { Health, HealthCheck, HealthStatus, Incident, IncidentKind } from '@lifeguard/monitor';
export {
  OptionsError,
  type OptionWarning,
  type Owner,
  type Pool,
  type PoolStats,
  withOwner,
  withRequest,
} from '@lifeguard/pool';
export type { CacheInvalidation, PrismaCache } from './cache/client-cache.ts';
export type { CacheInfo, Informed } from './cache/info.ts';
export type { ClientCacheOptions } from './cache/options.ts';
export type { Seconds } from './cache/seconds.ts';
export type { CacheStrategy, CacheTimes } from './cache/strategy.ts';
export type { AlsoInformed, Cacheable, CachedReads } from './cache/types.ts';
export type { Extension } from './extension/extension.ts';
export type { PlainArgs, ResultOf, RowOf } from './extension/model-types.ts';
export type { FindManyGrouped, GroupField, GroupValue } from './grouped/types.ts';
export type { LifeguardGuardOptions } from './guard.ts';
export { type Lifeguard, type LifeguardOptions, lifeguard } from './lifeguard.ts';
export type { LifeguardMonitorOptions } from './monitoring.ts';
export { onePerProcess } from './one-per-process.ts';
export type { SessionOptions } from './session.ts';
export type { ShutdownOptions } from './shutdown.ts';
export type { TransactionDefaults, TransactionRetry } from './transaction/options.ts';
export {
  type RetryableOptions,
  retryable,
  type TransactionOptions,
} from './transaction/retryable.ts';
