export { type Breaker, type BreakerOptions, breaker } from './breaker/breaker.ts';
export type { BreakerEvent, BreakerStatus } from './breaker/breaker-events.ts';
export { BreakerOpenError } from './breaker/breaker-open-error.ts';
export type { BreakerState } from './breaker/circuit.ts';
export {
  type Carry,
  type DeadlineOptions,
  deadline,
  remainingMillis,
} from './deadline/deadline.ts';
export { DeadlineError } from './deadline/deadline-error.ts';
export { diagnose } from './diagnose/diagnose.ts';
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
