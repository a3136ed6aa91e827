import { type Clock, systemClock } from '../clock.ts';
import { readNumbers } from '../numbers.ts';

export interface RetryBudgetOptions {
  /** Retries per call in the long run. Default 0.2. */
  readonly ratio?: number | undefined;
  /** Retries a second that are allowed to a caller with little traffic, besides. Default 1. */
  readonly perSecond?: number | undefined;
  /** The most retries at once, after a time without any. Default 100. */
  readonly capacity?: number | undefined;
}

export const BUDGET_NUMBERS = {
  ratio: { default: 0.2, min: 0, max: 1 },
  perSecond: { default: 1, min: 0 },
  capacity: { default: 100, min: 1 },
} as const;

/**
 * How many retries there may be: a share of the traffic and a small floor, so that retries never become
 * the load. When the server fails everybody, each caller's three attempts would be three times the load.
 *
 * A token bucket that calls fill and retries empty. Over any time, retries ≤ `capacity` + `ratio` × calls
 * + `perSecond` × seconds. One budget is meant for all callers of one server.
 *
 * The ratio is Finagle's (RetryBudget: 20 % and a floor); Google's SRE book, "Handling Overload", has 10 %.
 * The capacity is that of the AWS SDKs (500 tokens, 5 for a retry): the reads under way on a
 * pool's connections may all be tried again when a server restarts.
 */
export class RetryBudget {
  readonly #ratio: number;
  readonly #perSecond: number;
  readonly #capacity: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledAt: number;

  constructor(options: RetryBudgetOptions = {}, clock: Clock = systemClock) {
    const { ratio, perSecond, capacity } = readNumbers(options, BUDGET_NUMBERS);
    this.#ratio = ratio;
    this.#perSecond = perSecond;
    this.#capacity = capacity;
    this.#clock = clock;
    this.#tokens = capacity;
    this.#filledAt = clock.now();
  }

  /** Retries that could be made now. */
  get balance(): number {
    return Math.floor(this.#fill());
  }

  /** A call was made; retries of it don't count. */
  deposit(): void {
    this.#tokens = this.#fill() + this.#ratio;
  }

  /** Whether one retry may be made; it is then taken to be made. */
  withdraw(): boolean {
    if (this.#fill() < 1) return false;
    this.#tokens--;
    return true;
  }

  #fill(): number {
    const now = this.#clock.now();
    const grown = ((now - this.#filledAt) / 1_000) * this.#perSecond;
    this.#tokens = Math.min(this.#capacity, this.#tokens + grown);
    this.#filledAt = now;
    return this.#tokens;
  }
}
