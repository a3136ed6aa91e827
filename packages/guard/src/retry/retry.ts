import type { Breaker, BreakerRunOptions, Passage } from '../breaker/breaker.ts';
import { BreakerOpenError } from '../breaker/breaker-open-error.ts';
import { type Clock, systemClock } from '../clock.ts';
import { remainingMillis } from '../deadline/deadline.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import type { Diagnosis } from '../diagnose/types.ts';
import { follow } from '../follow.ts';
import { harmless } from '../listener.ts';
import { LONGEST_MILLIS, readNumbers } from '../numbers.ts';
import { type BackOffBounds, fullJitter } from './back-off.ts';
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

/** One operation, as a retrier needs to know it; what it says to the breaker is handed on. */
export interface RetriedOperation extends Operation, Omit<BreakerRunOptions, 'label'> {
  /** How events call it. */
  readonly label?: string | undefined;
  /** Instead of the retrier's own number, with the first one. */
  readonly attempts?: number | undefined;
  /** Ends a pause between attempts; an attempt under way is not the signal's matter. */
  readonly signal?: AbortSignal | undefined;
  /** What the error of an attempt is, before anything is made of it: a library may have lost its cause. */
  readonly readError?: ((thrown: unknown) => unknown) | undefined;
  /** What the caller is told in place of an error. */
  readonly tellError?: ((error: unknown) => unknown) | undefined;
}

export interface RetrierOptions extends RetryPace {
  /** Shared by all callers of one server. */
  readonly budget: RetryBudget;
  /** Asked before each attempt. */
  readonly breaker?: Pick<Breaker, 'enter'> | undefined;
  readonly onDecision?: ((decision: RetryDecision, label: string | undefined) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** In [0, 1); default Math.random. */
  readonly random?: (() => number) | undefined;
}

export interface RetryOptions extends RetrierOptions, RetriedOperation {}

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
  return new Retrier(options).run(fn, options);
}

/** Retries operations of one server as {@link retry} does one. What succeeds at once costs a single promise. */
export class Retrier {
  readonly #budget: RetryBudget;
  readonly #breaker: RetrierOptions['breaker'];
  readonly #attempts: number;
  readonly #bounds: BackOffBounds;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #onDecision: NonNullable<RetrierOptions['onDecision']>;

  /** @throws RangeError that names the number. */
  constructor(options: RetrierOptions) {
    const { budget, breaker, clock = systemClock, random = Math.random, onDecision } = options;
    const { attempts, ...bounds } = readNumbers(options, RETRY_NUMBERS);
    this.#budget = budget;
    this.#breaker = breaker;
    this.#attempts = attempts;
    this.#bounds = bounds;
    this.#clock = clock;
    this.#random = random;
    this.#onDecision = harmless(onDecision);
  }

  /** @throws RangeError, and at once, for `attempts` that make no sense. */
  run<T>(fn: () => PromiseLike<T>, operation: RetriedOperation): Promise<T> {
    const { signal, attempts, tellError } = operation;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (attempts !== undefined) readNumbers({ attempts }, { attempts: RETRY_NUMBERS.attempts });
    return this.#attempt(fn, operation, 1, (error) => {
      const outcome = this.#again(fn, operation, error);
      return tellError ? outcome.catch((last) => Promise.reject(tellError(last))) : outcome;
    });
  }

  /** One attempt, which the breaker may refuse, and hears of. */
  #attempt<T>(
    fn: () => PromiseLike<T>,
    operation: RetriedOperation,
    number: number,
    failed: (error: unknown) => Promise<T>,
  ): Promise<T> {
    let entered: Passage | Promise<Passage> | undefined;
    try {
      // Whoever has failed once does not wait for others to find out.
      entered = this.#breaker?.enter(number === 1 ? operation : { ...operation, waitMillis: 0 });
    } catch (refusal) {
      return failed(refusal);
    }
    if (!(entered instanceof Promise)) return this.#begin(fn, operation, number, entered, failed);
    return entered.then((passage) => {
      const { signal } = operation;
      if (!signal?.aborted) return this.#begin(fn, operation, number, passage, failed);
      passage.failed(signal.reason);
      throw signal.reason;
    }, failed);
  }

  #begin<T>(
    fn: () => PromiseLike<T>,
    operation: RetriedOperation,
    number: number,
    passage: Passage | undefined,
    failed: (error: unknown) => Promise<T>,
  ): Promise<T> {
    return follow(
      fn,
      (value) => {
        if (number === 1) this.#budget.deposit();
        passage?.succeeded();
        return value;
      },
      (thrown) => {
        const error = operation.readError ? operation.readError(thrown) : thrown;
        passage?.failed(error);
        return failed(error);
      },
    );
  }

  async #again<T>(
    fn: () => PromiseLike<T>,
    operation: RetriedOperation,
    firstError: unknown,
  ): Promise<T> {
    const { label, signal, idempotent, attempts = this.#attempts } = operation;
    const untold = new Untold();
    let error = firstError;
    for (let attempt = 1; ; attempt++) {
      const isRefused = error instanceof BreakerOpenError;
      // What the breaker refuses is no traffic.
      if (attempt === 1 && !isRefused) this.#budget.deposit();

      const diagnosis = diagnose(error);
      const finding = findingOf(diagnosis);
      const kind = kindOf(operation, diagnosis, error);
      const repeatability = mayRetry(diagnosis, { kind, idempotent });
      const told = untold.errorFor(error, diagnosis, kind, repeatability);
      const giveUp = (reason: GiveUpReason): unknown => {
        this.#onDecision({ type: 'give-up', attempt, reason, finding }, label);
        return told;
      };

      if (repeatability === 'no') throw told;
      if (isRefused) throw attempt === 1 ? error : giveUp('breaker-open');
      if (repeatability === 'may-have-run') throw giveUp('may-have-run');
      if (attempt >= attempts) throw giveUp('attempts');
      const delayMillis = fullJitter(attempt, this.#bounds, this.#random());
      if (delayMillis >= remainingMillis()) throw giveUp('deadline');
      if (!this.#budget.withdraw()) {
        this.#onDecision({ type: 'budget-exhausted', attempt, finding }, label);
        throw told;
      }
      this.#onDecision({ type: 'retry', attempt, delayMillis, finding }, label);
      if (!(await pause(delayMillis, this.#clock, signal))) {
        giveUp('aborted');
        throw untold.error ?? signal?.reason;
      }
      // A process that stood still wakes late.
      if (remainingMillis() === 0) throw giveUp('deadline');
      try {
        return await this.#attempt(fn, operation, attempt + 1, (error) => Promise.reject(error));
      } catch (caught) {
        error = caught;
      }
    }
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
