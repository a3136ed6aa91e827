import { type Breaker, breaker } from '../breaker/breaker.ts';
import { type Clock, systemClock } from '../clock.ts';
import { deadline } from '../deadline/deadline.ts';
import { fallback } from '../fallback/fallback.ts';
import { harmless } from '../listener.ts';
import { readNumbers } from '../numbers.ts';
import { RETRY_NUMBERS, type RetryPace, retry } from '../retry/retry.ts';
import { RetryBudget } from '../retry/retry-budget.ts';
import type { GuardEvent, GuardListener } from './guard-events.ts';
import type {
  GuardDeadlineOptions,
  GuardOptions,
  GuardRetryOptions,
  RunOptions,
} from './guard-options.ts';

/** What stands between callers and one database server. */
export interface Guard {
  /**
   * Runs an operation within its deadline, tries it again where that is safe, and refuses it at once while
   * the database is not there.
   *
   * @throws what `fn` throws; DeadlineError; BreakerOpenError.
   */
  run<T>(fn: () => PromiseLike<T>, options: RunOptions<T>): Promise<T>;
  /** Undefined when it was switched off. */
  readonly breaker: Breaker | undefined;
  readonly budget: RetryBudget;
  /** Tells of each decision; the returned function ends that. */
  subscribe(listener: GuardListener): () => void;
}

/**
 * Makes a guard, one for each database server: its callers share the breaker and the retry budget.
 *
 * From the outside in: fallback, deadline, retry, breaker, `fn`.
 *
 * - The fallback outermost: it needs no database, so it may answer after the deadline as well.
 * - The deadline around all attempts: to its caller they are one operation.
 * - The breaker inside the retry: it sees every attempt, so that it opens after five failures and not
 *   after five times three, and a probe is one call. What it refuses ends the retry.
 */
export function createGuard(options: GuardOptions = {}): Guard {
  return new LayeredGuard(options);
}

class LayeredGuard implements Guard {
  readonly breaker: Breaker | undefined;
  readonly budget: RetryBudget;
  readonly #pace: RetryPace;
  readonly #deadline: GuardDeadlineOptions;
  readonly #clock: Clock;
  readonly #random: (() => number) | undefined;
  readonly #listeners = new Set<GuardListener>();

  constructor(options: GuardOptions) {
    const { clock = systemClock, random, onEvent } = options;
    this.#clock = clock;
    this.#random = random;
    if (onEvent) this.subscribe(onEvent);
    const retrying: GuardRetryOptions = options.retry || {};
    this.#pace = options.retry === false ? { attempts: 1 } : retrying;
    readNumbers(this.#pace, RETRY_NUMBERS);
    const { budget } = retrying;
    this.budget = budget instanceof RetryBudget ? budget : new RetryBudget(budget, clock);
    this.#deadline = options.deadline ?? {};
    readNumbers(this.#deadline, { millis: { default: Infinity, min: 0 } });
    if (options.breaker !== false) {
      const onBreaker = (event: GuardEvent) => this.#tell(event);
      this.breaker = breaker({ ...options.breaker, clock, random, onEvent: onBreaker });
    }
  }

  run<T>(fn: () => PromiseLike<T>, options: RunOptions<T>): Promise<T> {
    const { label, fallback: other, fallbackWhen: when } = options;
    const labelled = label === undefined ? {} : { label };
    const inTime = () => this.#inTime(fn, options, labelled);
    if (!other) return inTime();
    const onFallback = (event: GuardEvent) => this.#tell({ ...event, ...labelled });
    return fallback(inTime, other, { when, onFallback });
  }

  subscribe(listener: GuardListener): () => void {
    const own = harmless(listener);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  #inTime<T>(
    fn: () => PromiseLike<T>,
    {
      deadlineMillis = this.#deadline.millis ?? Infinity,
      attempts = this.#pace.attempts,
      ...options
    }: RunOptions<T>,
    labelled: { readonly label?: string },
  ): Promise<T> {
    const attempt = () =>
      this.breaker?.run(fn, { ...labelled, ignoresWaits: options.ignoresWaits }) ?? fn();
    const run = () =>
      retry(attempt, {
        ...this.#pace,
        ...options,
        attempts,
        budget: this.budget,
        clock: this.#clock,
        random: this.#random,
        onDecision: (decision) => this.#tell({ ...decision, ...labelled }),
      });
    if (deadlineMillis === Infinity) return run();
    return deadline(deadlineMillis, run, {
      ...this.#deadline,
      clock: this.#clock,
      onDeadline: ({ millis, outcome }) =>
        this.#tell({ type: 'deadline', millis, outcome, ...labelled }),
    });
  }

  #tell(event: GuardEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
