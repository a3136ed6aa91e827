import type { Types } from '@prisma/client/runtime/client';

/** The operation of a model: `findMany`, `count` … */
export type OperationOf = Types.Public.Operation;

/** Arguments of an operation, as Prisma has them for the model that `This` is. */
export type PlainArgs<This, F extends OperationOf> = Types.Public.Args<This, F>;

/**
 * What an operation of the model returns, in Prisma's own words: with fields that are omitted for the whole
 * client, fields that extensions compute, and the relations that can be chained on.
 *
 * Prisma's public `Result` knows neither of the first and the last. The type of a model in an extended client
 * does, and names all it is made of.
 */
export type ResultOf<This, A, F extends OperationOf> =
  This extends Types.Extensions.DynamicModelExtensionThis<
    infer TypeMap extends Types.Extensions.TypeMapDef,
    infer Model extends PropertyKey,
    infer _Extensions
  >
    ? Types.Extensions.DynamicModelExtensionFnResult<
        TypeMap,
        Model,
        A,
        F,
        Types.Extensions.DynamicModelExtensionFnResultNull<F>
      >
    : Types.Public.PrismaPromise<Types.Public.Result<This, A, F>>;

/** One row as `findMany` would give it with these arguments. */
export type RowOf<This, A> =
  Awaited<ResultOf<This, A, 'findMany'>> extends (infer Row)[] ? Row : never;
