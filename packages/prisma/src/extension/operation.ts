import { type CallSite, currentContext, type Owner } from '@lifeguard/pool';
import type { Attempt, TransactionLimits } from '../transaction/attempt.ts';
import type { Tick } from './joined-reads.ts';

/** An operation by its names. */
export interface OperationName {
  /** Undefined for raw SQL. */
  readonly model?: string | undefined;
  readonly operation: string;
}

/** `Product.findMany`, or `$queryRaw` for what has no model. */
export function labelOf({ model, operation }: OperationName): string {
  return model ? `${model}.${operation}` : operation;
}

/** Calls that were joined with one are named by their places, which are few. */
const MOST_JOINED = 10;

/** One call of a Prisma operation, as the pool and the adapter see it. */
export class Operation implements Owner {
  readonly label: string;
  readonly model: string | undefined;
  readonly operation: string;
  readonly site: CallSite | undefined;
  readonly isCall = true;
  advise: Owner['advise'] | undefined = undefined;
  /** What Prisma is given, when it is known. */
  args: unknown = undefined;
  isInTransaction = false;
  /** False: the application has called it, and it has not come to Prisma's hook yet. */
  hasBegun = true;
  /** The transaction that it begins, or of which it is an item. */
  attempt: Attempt | undefined = undefined;
  /** Of a transaction that Prisma opens by itself: for a nested write, or a list of many ids. */
  limits: TransactionLimits | undefined = undefined;
  /** The `$transaction` of which it is an item. */
  batch: Operation | undefined = undefined;
  /** One of its statements has been answered, outside of any transaction. */
  hasRun = false;
  /** Of a `findUnique`: those that were called at the same time. */
  tick: Tick | undefined = undefined;
  #joined: Operation[] | undefined;
  /** How often it was sent to Prisma. */
  attempts = 0;
  /** What its statements and checkouts have waited in the pool, and been at the server. */
  waitMillis = 0;
  serverMillis = 0;

  constructor({ model, operation }: OperationName, label: string, site: CallSite | undefined) {
    this.model = model;
    this.operation = operation;
    this.label = label;
    this.site = site;
  }

  /** What Prisma sends for the other one it sends with its own. */
  join(other: Operation): void {
    this.#joined ??= [];
    if (this.#joined.length < MOST_JOINED) this.#joined.push(other);
  }

  joined(): readonly Operation[] {
    return this.#joined ?? [];
  }

  isItemOf(transaction: Operation): void {
    this.attempt = transaction.attempt;
    this.batch = transaction.batch ?? transaction;
  }

  /** Statements that run at once wait at once. What an item of a batch is told is about the whole batch. */
  spent(waitMillis: number, serverMillis: number, isPart = false): void {
    if (this.batch) {
      if (!isPart) this.batch.spent(waitMillis, serverMillis);
      return;
    }
    this.waitMillis = Math.max(this.waitMillis, waitMillis);
    this.serverMillis += serverMillis;
  }
}

/** The statements of a batch all run in the name of its first item: `$transaction [Product.findMany, …]`. */
export function batchLabel(first: string): string {
  return `$transaction [${first}, …]`;
}

/**
 * What comes to Prisma's hook: the call that the application has made, when that was noted. An extension
 * applied before may have made another operation of it; its place stays the same.
 */
export function begunOperation(name: OperationName, isBatch: boolean): Operation {
  const called = currentContext()?.owner as Operation | undefined;
  const isCalled = called?.hasBegun === false;
  if (isCalled) {
    called.hasBegun = true;
    if (called.model === name.model && called.operation === name.operation) return called;
  }
  const label = labelOf(name);
  const site = isCalled ? called.site : undefined;
  return new Operation(name, isBatch ? batchLabel(label) : label, site);
}
