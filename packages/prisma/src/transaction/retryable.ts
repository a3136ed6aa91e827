import type { TransactionLimits } from './attempt.ts';
import { readRetry, type TransactionRetry } from './options.ts';

/** Prisma's own options of `$transaction`. */
export interface TransactionOptions extends Partial<TransactionLimits> {
  isolationLevel?:
    | 'ReadUncommitted'
    | 'ReadCommitted'
    | 'RepeatableRead'
    | 'Serializable'
    | undefined;
}

export interface RetryableOptions extends TransactionOptions {
  /** With the first one; default: as many as the guard has, 3. */
  attempts?: number | undefined;
}

/**
 * Options for a `$transaction` that may be run again as a whole: when it was rolled back for a write conflict
 * or a deadlock (P2034), or has lost its connection before its COMMIT. Its body then runs more than once, with
 * all else that it does.
 *
 * ```ts
 * await prisma.$transaction(transfer, retryable({ isolationLevel: 'Serializable' }));
 * ```
 *
 * A function, because the type of `$transaction` is Prisma's and takes no other literal.
 *
 * @throws {TypeError} when `attempts` is no whole number from 1 on.
 */
export function retryable({
  attempts,
  ...options
}: RetryableOptions = {}): TransactionOptions & { readonly retry: TransactionRetry } {
  return { ...options, retry: attempts === undefined ? true : readRetry({ attempts }) };
}
