import type { BreakerOptions } from '../breaker/breaker.ts';
import type { Clock } from '../clock.ts';
import type { DeadlineOptions } from '../deadline/deadline.ts';
import type { FallbackOptions } from '../fallback/fallback.ts';
import type { Operation } from '../retry/may-retry.ts';
import type { RetryPace } from '../retry/retry.ts';
import type { RetryBudget, RetryBudgetOptions } from '../retry/retry-budget.ts';
import type { GuardListener } from './guard-events.ts';

export interface GuardRetryOptions extends RetryPace {
  /** Its numbers, or one that several guards of the same server share. */
  readonly budget?: RetryBudgetOptions | RetryBudget | undefined;
}

export interface GuardDeadlineOptions extends Pick<DeadlineOptions, 'carry' | 'graceMillis'> {
  /** For an operation with all its attempts. Default Infinity: only the deadline around it holds. */
  readonly millis?: number | undefined;
}

export interface GuardOptions {
  /** `false`: nothing is tried twice. */
  readonly retry?: GuardRetryOptions | false | undefined;
  /** `false`: none. */
  readonly breaker?: Omit<BreakerOptions, 'onEvent' | 'clock' | 'random'> | false | undefined;
  readonly deadline?: GuardDeadlineOptions | undefined;
  readonly onEvent?: GuardListener | undefined;
  readonly clock?: Clock | undefined;
  /** In [0, 1); default Math.random. */
  readonly random?: (() => number) | undefined;
}

/** One operation. */
export interface RunOptions<T> extends Operation {
  /** How events call it, such as `Product.findMany`. No parameters. */
  readonly label?: string | undefined;
  /** How many attempts at most, with the first one, instead of the guard's own number. */
  readonly attempts?: number | undefined;
  /** Instead of the guard's own; Infinity for none. */
  readonly deadlineMillis?: number | undefined;
  /** A wait for a connection in vain is no sign for the breaker. */
  readonly ignoresWaits?: boolean | undefined;
  /** How long it waits at the breaker for the answer to a probe, at most. Default: as long as that takes. */
  readonly waitMillis?: number | undefined;
  /** Whether a failure is of this database, and so a sign for the breaker; default: each is. */
  readonly isOfDatabase?: ((error: unknown) => boolean) | undefined;
  /** What the error of an attempt is, before anything is made of it: a library may have lost its cause. */
  readonly readError?: ((thrown: unknown) => unknown) | undefined;
  /** What the caller is told in place of the error in the end. */
  readonly tellError?: ((error: unknown) => unknown) | undefined;
  /** Ends a pause between attempts. */
  readonly signal?: AbortSignal | undefined;
  /** Another answer when the database can't give one. */
  readonly fallback?: ((error: unknown) => T | PromiseLike<T>) | undefined;
  /** For which failures. Default {@link cannotAnswer}. */
  readonly fallbackWhen?: FallbackOptions['when'];
}
