import type { ITXClientDenyList, Types } from '@prisma/client/runtime/client';
import type { TransactionRetry } from '../transaction/options.ts';

type IsolationLevel = 'ReadUncommitted' | 'ReadCommitted' | 'RepeatableRead' | 'Serializable';
type PrismaPromise = Types.Public.PrismaPromise<unknown>;

export interface TransactionOptions {
  /** Milliseconds to wait for a connection. */
  maxWait?: number;
  /** Milliseconds that the transaction may take from then on. */
  timeout?: number;
  isolationLevel?: IsolationLevel;
  /**
   * Runs the whole transaction again that was rolled back for a write conflict or a deadlock (P2034), or whose
   * connection was lost before its COMMIT: its body then runs more than once, with all else that it does.
   */
  retry?: TransactionRetry;
}

/** Prisma's own `$transaction`, and one option more. */
export interface Transact {
  <This, Items extends PrismaPromise[]>(
    this: This,
    items: [...Items],
    options?: TransactionOptions,
  ): Promise<Types.Utils.UnwrapTuple<Items>>;
  <This, Result>(
    this: This,
    body: (tx: Omit<This, ITXClientDenyList>) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;
}
