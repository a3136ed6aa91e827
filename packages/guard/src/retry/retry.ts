import { BreakerOpenError } from '../breaker/breaker-open-error.ts';
import { type Clock, systemClock } from '../clock.ts';
import { remainingMillis } from '../deadline/deadline.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import type { Diagnosis } from '../diagnose/types.ts';
import { harmless } from '../listener.ts';
import { LONGEST_MILLIS, readNumbers } from '../numbers.ts';
import { fullJitter } from './back-off.ts';
import {
  kindOf,
  mayRetry,
  type Operation,
  type OperationKind,
  type Repeatability,
} from './may-retry.ts';
import { pause } from './pause.ts';
import type { RetryBudget } from './retry-budget.ts';
import { findingOf, type GiveUpReason, type RetryDecision } from './retry-decision.ts';

export const RETRY_NUMBERS = {
  attempts: { default: 3, min: 1, isWhole: true },
  baseMillis: { default: 50, min: 0, max: LONGEST_MILLIS },
  maxMillis: { default: 1_000, min: 0, max: LONGEST_MILLIS },
} as const;

/** How often and how fast. */
export interface RetryPace {
  /** With the first one. Default 3. */
  readonly attempts?: number | undefined;
  /** The longest pause after the first failure; it doubles with each. Default 50 ms. */
  readonly baseMillis?: number | undefined;
  /** The longest pause of all. Default 1 000 ms. */
  readonly maxMillis?: number | undefined;
}

export interface RetryOptions extends RetryPace, Operation {
  /** Shared by all callers of one server. */
  readonly budget: RetryBudget;
  /** Ends a pause between attempts; an attempt under way is not the signal's matter. */
  readonly signal?: AbortSignal | undefined;
  readonly onDecision?: ((decision: RetryDecision) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** In [0, 1); default Math.random. */
  readonly random?: (() => number) | undefined;
}

/**
 * Runs `fn`, and again when it failed in passing and to repeat it is safe:
 *
 * - whatever it is, when it was certainly not sent;
 * - a `read`, and what the caller calls `idempotent`, when the failure is transient (a lost connection, a
 *   server that restarts, a write conflict);
 * - a `transaction` as a whole that the server rolled back for a conflict (40001, 40P01);
 * - never a write whose outcome is unknown, and never for errors of the application (a constraint).
 *
 * Pauses have exponential back-off with full jitter, and never end after the {@link deadline} around the
 * call. Nothing is repeated once the budget is spent, nor while the breaker refuses.
 *
 * @throws the error of the last attempt; but when an earlier attempt may have taken effect and the last
 *   one did not, the earlier error, for that is what is true of the whole. The signal's reason when it aborts.
 */
export async function retry<T>(fn: () => PromiseLike<T>, options: RetryOptions): Promise<T> {
  const { budget, signal, clock = systemClock, random = Math.random } = options;
  const { attempts, ...bounds } = readNumbers(options, RETRY_NUMBERS);
  const onDecision = harmless(options.onDecision);
  const untold = new Untold();
  signal?.throwIfAborted();

  for (let attempt = 1; ; attempt++) {
    let error: unknown;
    try {
      const value = await fn();
      if (attempt === 1) budget.deposit();
      return value;
    } catch (caught) {
      error = caught;
    }
    const isRefused = error instanceof BreakerOpenError;
    // What the breaker refuses is no traffic.
    if (attempt === 1 && !isRefused) budget.deposit();

    const diagnosis = diagnose(error);
    const finding = findingOf(diagnosis);
    const operation = { kind: kindOf(options, diagnosis, error), idempotent: options.idempotent };
    const repeatability = mayRetry(diagnosis, operation);
    const told = untold.errorFor(error, diagnosis, operation.kind, repeatability);
    const giveUp = (reason: GiveUpReason): unknown => {
      onDecision({ type: 'give-up', attempt, reason, finding });
      return told;
    };

    if (repeatability === 'no') throw told;
    if (isRefused) throw attempt === 1 ? error : giveUp('breaker-open');
    if (repeatability === 'may-have-run') throw giveUp('may-have-run');
    if (attempt >= attempts) throw giveUp('attempts');
    const delayMillis = fullJitter(attempt, bounds, random());
    if (delayMillis >= remainingMillis()) throw giveUp('deadline');
    if (!budget.withdraw()) {
      onDecision({ type: 'budget-exhausted', attempt, finding });
      throw told;
    }
    onDecision({ type: 'retry', attempt, delayMillis, finding });
    if (!(await pause(delayMillis, clock, signal))) {
      giveUp('aborted');
      throw untold.error ?? signal?.reason;
    }
    // A process that stood still wakes late.
    if (remainingMillis() === 0) throw giveUp('deadline');
  }
}

/**
 * The latest failure after which the operation may have taken effect. It must not be lost: a last attempt
 * that was not sent says nothing of the one before.
 */
class Untold {
  error: unknown;

  /** What the caller is told, if this failure is the last. */
  errorFor(
    error: unknown,
    { outcome }: Diagnosis,
    kind: OperationKind,
    repeatability: Repeatability,
  ): unknown {
    if (kind === 'read') return error;
    if (outcome === 'unknown') this.error = error;
    // The server's word on the data is about what all attempts together have done.
    const isLastWord = repeatability === 'no' && outcome === 'failed';
    return isLastWord ? error : (this.error ?? error);
  }
}
