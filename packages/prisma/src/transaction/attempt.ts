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

/** One attempt at a transaction: how long it may take, and how far it has come. */
export class Attempt {
  readonly limits: TransactionLimits;
  /** The application's own code has been called. */
  hasBegunBody = false;
  /** COMMIT is on its way: from here on only the server knows. */
  isCommitting = false;
  #startedAt = Infinity;

  constructor(limits: TransactionLimits) {
    this.limits = limits;
  }

  /** It has its connection. */
  start(): void {
    this.#startedAt = now();
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
