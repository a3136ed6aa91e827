import { type CallSite, currentContext, withContext, withOwner } from '@lifeguard/pool';
import { type Informed, withCacheInfo } from '../cache/info.ts';
import { batchLabel, Operation } from '../extension/operation.ts';
import type { OperationCalls } from './operation-calls.ts';

/** What Prisma gives back for a call of an operation: nothing runs until somebody wants the result. */
export interface PrismaPromise {
  then(onFulfilled?: Handler, onRejected?: Handler): Promise<unknown>;
  readonly spec?: unknown;
  requestTransaction?(transaction: unknown): unknown;
  readonly [Symbol.toStringTag]: string;
}

type Handler = ((value: never) => unknown) | null | undefined;

/**
 * Prisma's promise, with the place that asked for it. It is as lazy as Prisma's: whatever it sends when
 * it begins is sent in the name of its operation.
 */
export class OperationPromise implements PrismaPromise {
  readonly #promise: PrismaPromise;
  readonly #calls: OperationCalls;
  readonly #site: CallSite | undefined;

  constructor(promise: PrismaPromise, calls: OperationCalls, site: CallSite | undefined) {
    this.#promise = promise;
    this.#calls = calls;
    this.#site = site;
  }

  // biome-ignore lint/suspicious/noThenProperty: it stands for a promise
  then(onFulfilled?: Handler, onRejected?: Handler): Promise<unknown> {
    const operation = this.#operation(false);
    const begun = performance.now();
    const context = currentContext();
    const ended = (hasFailed: boolean, handler: () => unknown) => {
      this.#calls.ended(operation, performance.now() - begun, hasFailed);
      // What follows an operation is its caller's, and not done in the operation's name.
      return withContext(context, handler);
    };
    return withOwner(operation, () =>
      this.#promise.then(
        (value: never) => ended(false, () => (onFulfilled ? onFulfilled(value) : value)),
        (error: never) =>
          ended(true, () => {
            if (onRejected) return onRejected(error);
            throw error;
          }),
      ),
    );
  }

  catch(onRejected?: Handler): Promise<unknown> {
    return this.then(undefined, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<unknown> {
    return this.then().finally(onFinally);
  }

  /** Called by Prisma's `$transaction([…])`, instead of `then`. */
  requestTransaction(transaction: unknown): unknown {
    const outer = currentContext()?.owner as Operation | undefined;
    const operation = this.#operation(Object(transaction).kind === 'batch');
    if (outer?.attempt) operation.isItemOf(outer);
    const promise = this.#promise;
    return withOwner(operation, () => promise.requestTransaction?.(transaction) ?? promise);
  }

  /** Of a read with a `cacheStrategy`: its result, and where it comes from. */
  withCacheInfo(): Promise<Informed<unknown>> {
    return withCacheInfo(this.#calls.label, () => this.then());
  }

  #operation(isBatch: boolean): Operation {
    const { label } = this.#calls;
    const operation = new Operation(this.#calls, isBatch ? batchLabel(label) : label, this.#site);
    operation.hasBegun = false;
    return operation;
  }

  get spec(): unknown {
    return this.#promise.spec;
  }

  get [Symbol.toStringTag](): string {
    return 'PrismaPromise';
  }

  /** `prisma.author.findUnique(…).books()`: what Prisma's promise has beyond a promise. */
  static relation(promise: OperationPromise, key: string): unknown {
    if (!(#promise in promise)) return undefined;
    const value = Reflect.get(promise.#promise, key);
    if (typeof value !== 'function') return value;
    const related = (...args: unknown[]) => noted(value(...args), promise.#calls, related);
    return related;
  }
}

/**
 * What a function of Prisma's has returned to its caller, with the place of the call when it is an
 * operation's promise. `above`: the function that the caller has called.
 */
// biome-ignore lint/complexity/noBannedTypes: any function will do
export function noted(result: unknown, calls: OperationCalls, above: Function): unknown {
  if (!isPrismaPromise(result)) return result;
  return new OperationPromise(result, calls, calls.site(above));
}

function isPrismaPromise(result: unknown): result is PrismaPromise {
  if (typeof result !== 'object' || result === null) return false;
  if (result instanceof OperationPromise) return false;
  return (result as PrismaPromise)[Symbol.toStringTag] === 'PrismaPromise';
}

/**
 * What is not found on the class is looked for on Prisma's promise: the relations of what is asked for.
 * It stands at the end of the prototype chain, so that a promise needs no proxy of its own.
 */
Object.setPrototypeOf(
  OperationPromise.prototype,
  new Proxy(Object.prototype, {
    get: (target, key, receiver) =>
      typeof key === 'string' && !(key in target)
        ? OperationPromise.relation(receiver, key)
        : Reflect.get(target, key, receiver),
  }),
);
