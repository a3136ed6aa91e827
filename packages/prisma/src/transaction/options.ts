import { OptionsError } from '@lifeguard/pool';
import type { TransactionLimits } from './attempt.ts';

/** Whether, and how often at most, a transaction as a whole is run again after a conflict. */
export type TransactionRetry = boolean | { readonly attempts: number };

/** For all transactions that don't say so themselves. */
export interface TransactionDefaults extends Partial<TransactionLimits> {
  /**
   * Runs a transaction as a whole again that was rolled back for a write conflict or a deadlock (P2034), or
   * whose connection was lost before its COMMIT. Its body then runs more than once. Default false.
   */
  readonly retry?: TransactionRetry | undefined;
}

/** What a client was made with: `new PrismaClient({ transactionOptions })`. */
export type ClientTransactionOptions = Partial<TransactionLimits>;

/** Prisma's own. */
const PRISMAS: TransactionLimits = { maxWait: 2_000, timeout: 5_000 };

/** What is said nearer to the call counts. */
export function limitsFrom(
  ...said: readonly (Partial<TransactionLimits> | undefined)[]
): TransactionLimits {
  const nearest = (name: keyof TransactionLimits) =>
    said.find((each) => each?.[name] !== undefined)?.[name] ?? PRISMAS[name];
  return { maxWait: nearest('maxWait'), timeout: nearest('timeout') };
}

/** @throws {OptionsError} naming the option that makes no sense. */
export function checkDefaults(defaults: TransactionDefaults): TransactionDefaults {
  for (const name of ['maxWait', 'timeout'] as const) {
    const millis = defaults[name];
    if (millis === undefined || (Number.isFinite(millis) && millis > 0)) continue;
    const option = `transactions.${name}`;
    throw new OptionsError(option, `${option} is ${millis}: give milliseconds above 0`);
  }
  try {
    readRetry(defaults.retry);
  } catch (error) {
    throw new OptionsError('transactions.retry', (error as Error).message);
  }
  return defaults;
}

/** @throws {TypeError} when it is none. */
export function readRetry(retry: unknown): TransactionRetry {
  if (retry === undefined || typeof retry === 'boolean') return retry ?? false;
  const { attempts } = Object(retry) as { attempts?: unknown };
  if (typeof attempts === 'number' && Number.isInteger(attempts) && attempts >= 1) {
    return { attempts };
  }
  throw new TypeError(
    'retry of a transaction: give true, false, or { attempts } with a whole number from 1 on',
  );
}
