import type { Types } from '@prisma/client/runtime/client';
import type { OperationOf, PlainArgs, ResultOf } from '../extension/model-types.ts';
import type { Informed } from './info.ts';
import type { CacheStrategy } from './strategy.ts';

export interface Cacheable {
  /** Keeps the answer: `{ ttl: 60, swr: '5m', tags: ['home'] }`. Not in transactions. */
  cacheStrategy?: CacheStrategy | undefined;
}

/** What a read with a `cacheStrategy` returns beside what it returned before. */
export type AlsoInformed<A, Result> = A extends { cacheStrategy: object }
  ? {
      /** The result, and where it comes from. */
      withCacheInfo(): Promise<Informed<Awaited<Result>>>;
    }
  : unknown;

type Kept<This, A, F extends OperationOf> = ResultOf<This, A, F> &
  AlsoInformed<A, ResultOf<This, A, F>>;

type ReadArgs<This, F extends OperationOf> = PlainArgs<This, F> & Cacheable;

/**
 * A read as Prisma has it, with `cacheStrategy`. `A` has no constraint: one that depends on `This` would widen literals,
 * and a selection would be lost. `Exact` refuses what is wrong.
 */
type Read<F extends OperationOf> = <This, A>(
  this: This,
  args: Types.Utils.Exact<A, ReadArgs<This, F>>,
) => Kept<This, A, F>;

/** The same, of an operation that needs no arguments. */
type OptionalRead<F extends OperationOf> = <This, A>(
  this: This,
  args?: Types.Utils.Exact<A, ReadArgs<This, F>>,
) => Kept<This, A, F>;

/** The reads of every model; no interface, which would not do for Prisma. */
export type CachedReads = {
  findUnique: () => Read<'findUnique'>;
  findUniqueOrThrow: () => Read<'findUniqueOrThrow'>;
  findFirst: () => OptionalRead<'findFirst'>;
  findFirstOrThrow: () => OptionalRead<'findFirstOrThrow'>;
  findMany: () => OptionalRead<'findMany'>;
  count: () => OptionalRead<'count'>;
  aggregate: () => OptionalRead<'aggregate'>;
  groupBy: () => Read<'groupBy'>;
};
