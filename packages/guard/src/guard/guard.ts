import { type Breaker, breaker } from '../breaker/breaker.ts';
import { type Clock, systemClock } from '../clock.ts';
import { deadline } from '../deadline/deadline.ts';
import { fallback } from '../fallback/fallback.ts';
import { harmless } from '../listener.ts';
import { readNumbers } from '../numbers.ts';
import { Retrier } from '../retry/retry.ts';
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
  readonly #retrier: Retrier;
  readonly #deadline: GuardDeadlineOptions;
  readonly #clock: Clock;
  readonly #listeners = new Set<GuardListener>();

  constructor(options: GuardOptions) {
    const { clock = systemClock, random, onEvent } = options;
    this.#clock = clock;
    if (onEvent) this.subscribe(onEvent);
    this.#deadline = options.deadline ?? {};
    readNumbers(this.#deadline, { millis: { default: Infinity, min: 0 } });
    if (options.breaker !== false) {
      const onBreaker = (event: GuardEvent) => this.#tell(event);
      this.breaker = breaker({ ...options.breaker, clock, random, onEvent: onBreaker });
    }
    const { budget, ...pace }: GuardRetryOptions = options.retry || {};
    this.budget = budget instanceof RetryBudget ? budget : new RetryBudget(budget, clock);
    this.#retrier = new Retrier({
      ...(options.retry === false ? { attempts: 1 } : pace),
      budget: this.budget,
      breaker: this.breaker,
      clock,
      random,
      onDecision: (decision, label) => this.#tell(decision, label),
    });
  }

  run<T>(fn: () => PromiseLike<T>, options: RunOptions<T>): Promise<T> {
    const { deadlineMillis = this.#deadline.millis ?? Infinity } = options;
    if (deadlineMillis === Infinity && !options.fallback) return this.#retrier.run(fn, options);
    const { tellError, ...rest } = options;
    const outcome = this.#layered(() => this.#retrier.run(fn, rest), options, deadlineMillis);
    return tellError ? outcome.catch((error) => Promise.reject(tellError(error))) : outcome;
  }

  #layered<T>(run: () => Promise<T>, options: RunOptions<T>, millis: number): Promise<T> {
    const { label, fallback: other, fallbackWhen: when } = options;
    const inTime = () => this.#inTime(run, millis, label);
    if (!other) return inTime();
    const onFallback = (event: GuardEvent) => this.#tell(event, label);
    return fallback(inTime, other, { when, onFallback });
  }

  #inTime<T>(run: () => Promise<T>, millis: number, label: string | undefined): Promise<T> {
    if (millis === Infinity) return run();
    return deadline(millis, run, {
      ...this.#deadline,
      clock: this.#clock,
      onDeadline: ({ millis, outcome }) => this.#tell({ type: 'deadline', millis, outcome }, label),
    });
  }

  subscribe(listener: GuardListener): () => void {
    const own = harmless(listener);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  #tell(event: GuardEvent, label?: string): void {
    const told = label === undefined ? event : { ...event, label };
    for (const listener of this.#listeners) listener(told);
  }
}
