import type { Decimal, Types } from '@prisma/client/runtime/client';
import type { AlsoInformed, Cacheable } from '../cache/types.ts';
import type { PlainArgs, RowOf } from '../extension/model-types.ts';

type Scalars<This> = This extends { [K: symbol]: { types: { payload: { scalars: infer S } } } }
  ? S
  : never;

type Equatable = string | number | bigint | boolean | Date | Decimal | Uint8Array | null;

/** Fields whose values can be told equal: all scalars and enums, but no lists and no JSON. */
export type GroupField<This> = {
  [F in keyof Scalars<This>]: Scalars<This>[F] extends Equatable ? F : never;
}[keyof Scalars<This>];

/** What a field may be, as `findMany` gives it; null where the field may be null. */
export type GroupValue<This, By> = By extends keyof Scalars<This> ? Scalars<This>[By] : never;

interface Grouping<This, By> {
  /** The field by whose values rows are grouped. */
  by: By;
  /** Which groups; null for the rows without a value. */
  in: readonly GroupValue<This, By>[];
  /** How many rows of each group at most; from 1 on. */
  take: number;
  /** How many rows of each group are left out at its beginning; default 0. */
  skip?: number;
}

/** As in `findMany`, for each group. */
type Rest<This> = Omit<PlainArgs<This, 'findMany'>, 'take' | 'skip' | 'cursor' | 'distinct'> &
  Cacheable;

type Groups<This, By, A> = Types.Public.PrismaPromise<
  ReadonlyMap<GroupValue<This, By>, RowOf<This, Omit<A, keyof Grouping<This, By>>>[]>
>;

export type FindManyGrouped = <This, By extends GroupField<This>, A>(
  this: This,
  args: Grouping<This, By> & Types.Utils.Exact<A, Grouping<This, By> & Rest<This>>,
) => Groups<This, By, A> & AlsoInformed<A, Groups<This, By, A>>;
