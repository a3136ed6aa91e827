import { groupRows } from './groups.ts';
import type { GroupedReads } from './reads.ts';
import { findManyArgs, groupedRequest, type Model } from './request.ts';

type Groups = Map<unknown, unknown[]>;

/** What Prisma's own methods return. */
interface PrismaPromise<T> extends PromiseLike<T> {
  requestTransaction?(transaction: unknown): PromiseLike<T>;
}

/** `findManyGrouped` of every model. */
export function findManyGrouped(reads: GroupedReads) {
  return function findManyGrouped(this: Model, args: unknown): GroupedPromise {
    try {
      const request = groupedRequest(this, args);
      const offset = reads.nextOffset();
      // Called here and now for the sake of the caller's place in errors; it begins later.
      const rows: PrismaPromise<unknown[]> = this.findMany(findManyArgs(request, offset));
      return new GroupedPromise(async (transaction) => {
        // Nothing to ask for; an item of a batch has to reach Prisma all the same.
        if (request.values.length === 0 && !transaction) return new Map();
        const begin = () =>
          transaction && rows.requestTransaction ? rows.requestTransaction(transaction) : rows;
        return groupRows(request, await reads.call(request, offset, begin));
      });
    } catch (error) {
      return new GroupedPromise(() => Promise.reject(error));
    }
  };
}

/** As Prisma's own promises: it begins when somebody wants the result, and can be an item of a batch. */
class GroupedPromise implements PrismaPromise<Groups> {
  readonly #read: (transaction?: unknown) => Promise<Groups>;
  #result: Promise<Groups> | undefined;

  constructor(read: (transaction?: unknown) => Promise<Groups>) {
    this.#read = read;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  then: Promise<Groups>['then'] = (onFulfilled, onRejected) =>
    this.#begun().then(onFulfilled, onRejected);

  catch: Promise<Groups>['catch'] = (onRejected) => this.#begun().catch(onRejected);

  finally: Promise<Groups>['finally'] = (onFinally) => this.#begun().finally(onFinally);

  requestTransaction(transaction: unknown): Promise<Groups> {
    return this.#read(transaction);
  }

  get [Symbol.toStringTag](): string {
    return 'PrismaPromise';
  }

  #begun(): Promise<Groups> {
    this.#result ??= this.#read();
    return this.#result;
  }
}
