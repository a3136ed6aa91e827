import { isObject } from '../errors/driver-adapter-error.ts';
import { knownError } from '../errors/known-error.ts';
import { expired } from '../errors/words.ts';
import { now } from './now.ts';

/** In milliseconds, as Prisma has them. */
export interface TransactionLimits {
  /** How long it may wait for a connection. */
  readonly maxWait: number;
  /** How long it may take from then on. */
  readonly timeout: number;
}

const MOST_WRAPPED = 8;

/** One attempt at a transaction: how long it may take, and how far it has come. */
export class Attempt {
  readonly limits: TransactionLimits;
  /** The application's own code has been called. */
  hasBegunBody = false;
  /** COMMIT is on its way: from here on only the server knows. */
  isCommitting = false;
  #startedAt = Infinity;
  /** What its own statements have failed with, in all their disguises. */
  #failures: WeakSet<object> | undefined;

  constructor(limits: TransactionLimits) {
    this.limits = limits;
  }

  /** It has its connection. */
  start(): void {
    this.#startedAt = now();
  }

  get hasStarted(): boolean {
    return this.#startedAt !== Infinity;
  }

  /** Takes down how one of its statements has failed. */
  failed(...errors: readonly unknown[]): void {
    this.#failures ??= new WeakSet();
    for (const error of errors) if (isObject(error)) this.#failures.add(error);
  }

  /** Whether an error is the transaction's own, perhaps wrapped, and not of something else that its body does. */
  isOwnFailure(error: unknown): boolean {
    if (!this.hasBegunBody) return true;
    let current = error;
    for (let depth = 0; depth < MOST_WRAPPED && isObject(current); depth++) {
      const { cause, meta } = current as {
        cause?: unknown;
        meta?: { driverAdapterError?: unknown };
      };
      const errors = [current, cause, meta?.driverAdapterError];
      if (errors.some((each) => isObject(each) && this.#failures?.has(each))) return true;
      current = cause;
    }
    return false;
  }

  /** Negative when it is over. */
  get leftMillis(): number {
    return this.#startedAt + this.limits.timeout - now();
  }

  /** In Prisma's words, whose own timer says them only to whoever asks. */
  expired(what: 'query' | 'commit', cause?: unknown): Error {
    const timeTaken = Math.round(now() - this.#startedAt);
    return knownError({
      ...expired(what, this.limits.timeout, timeTaken),
      cause,
      outcome: 'failed',
    });
  }
}
