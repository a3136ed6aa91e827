export {
  type Breaker,
  type BreakerOptions,
  type BreakerRunOptions,
  breaker,
} from './breaker/breaker.ts';
export type { BreakerEvent, BreakerStatus } from './breaker/breaker-events.ts';
export { BreakerOpenError } from './breaker/breaker-open-error.ts';
export type { BreakerState } from './breaker/circuit.ts';
export type { Bus, BusListener, BusSubscription } from './bus/bus.ts';
export { type ListenClient, type PostgresBusOptions, postgresBus } from './bus/postgres-bus.ts';
export { type RedisBusOptions, redisBus } from './bus/redis-bus.ts';
export type { RedisBusClient, RedisSubscriber } from './bus/redis-client.ts';
export type { ValueType } from './cache/codec.ts';
export { cache } from './cache/create-cache.ts';
export { isOutage } from './cache/outage.ts';
export type { RedisCacheClient } from './cache/redis-level.ts';
export type {
  Cache,
  CacheAnswer,
  CacheOptions,
  CacheProblem,
  CacheRules,
  CacheState,
  CacheStats,
  Invalidation,
  Load,
  ReadOptions,
} from './cache/types.ts';
export {
  type Carry,
  type DeadlineOptions,
  deadline,
  remainingMillis,
  withoutDeadline,
} from './deadline/deadline.ts';
export { DeadlineError } from './deadline/deadline-error.ts';
export { type DiagnoseOptions, diagnose } from './diagnose/diagnose.ts';
export { explainInOneLine } from './diagnose/one-line.ts';
export type { Diagnosis, DiagnosisKind, Outcome, Remedy } from './diagnose/types.ts';
export { GuardError } from './errors/guard-error.ts';
export {
  cannotAnswer,
  type FallbackEvent,
  type FallbackOptions,
  fallback,
} from './fallback/fallback.ts';
export { createGuard, type Guard } from './guard/guard.ts';
export type { DeadlineEvent, GuardEvent, GuardListener } from './guard/guard-events.ts';
export type {
  GuardDeadlineOptions,
  GuardOptions,
  GuardRetryOptions,
  RunOptions,
} from './guard/guard-options.ts';
export type { OperationKind } from './retry/may-retry.ts';
export { type RetryOptions, type RetryPace, retry } from './retry/retry.ts';
export { RetryBudget, type RetryBudgetOptions } from './retry/retry-budget.ts';
export type { Finding, GiveUpReason, RetryDecision } from './retry/retry-decision.ts';
export {
  type AuthJsOptions,
  type AuthJsParams,
  type AuthJsSession,
  type AuthJsToken,
  authJsJwt,
  authJsSessionId,
} from './session/authjs.ts';
export {
  type BetterAuthFound,
  type BetterAuthOptions,
  type BetterAuthRequest,
  type BetterAuthSession,
  type BetterAuthSessions,
  betterAuthSessions,
} from './session/better-auth.ts';
export { sessionGuard } from './session/session-guard.ts';
export { SessionUnavailableError } from './session/session-unavailable-error.ts';
export type {
  CheckOptions,
  RefusalReason,
  RefusedSession,
  Session,
  SessionGuard,
  SessionGuardOptions,
  SessionGuardStats,
  SessionProblem,
  SessionState,
  SessionVerdict,
  ValidSession,
} from './session/types.ts';
export { type Duration, toMillis } from './time/duration.ts';
export { NoAnswerError } from './time/no-answer-error.ts';
