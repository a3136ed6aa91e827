import { defineFirstQuery, type FirstQueryClass } from '../checkout/first-query.ts';
import type { QueryClass } from '../pg-internals.ts';
import { defineLaneQuery, type LaneQueryClass } from './lane-query.ts';

/** The classes of statements over one copy of pg. */
export interface QueryClasses {
  /** Somebody has wrapped pg's `query`, to trace what is sent: who sends it must be told by its async context. */
  isTraced: boolean;
  /** pg's own. */
  readonly PgQuery: QueryClass;
  /** A statement of the shared lane. */
  readonly LaneQuery: LaneQueryClass;
  /** The first statement of a holder's transaction. */
  readonly FirstQuery: FirstQueryClass;
}

export function queryClasses(
  PgQuery: QueryClass,
  prepareValue: (value: unknown) => unknown,
): QueryClasses {
  return {
    isTraced: false,
    PgQuery,
    LaneQuery: defineLaneQuery(PgQuery, prepareValue),
    FirstQuery: defineFirstQuery(PgQuery, prepareValue),
  };
}
