import { findMarker, markerLength, REPEATS } from './marker.ts';
import { fromClauseOf, mapPlaceholders, splitComments } from './sql.ts';

/** A statement as Prisma gives it to an adapter. */
export interface Statement {
  readonly sql: string;
  readonly args: readonly unknown[];
  readonly argTypes: readonly ArgType[];
}

interface ArgType {
  readonly arity: 'scalar' | 'list';
}

/** What is asked of the groups. */
export interface Grouping {
  /** What the groups are made by, as statements have it; no null. At least one. */
  readonly values: readonly unknown[];
  /** Whether there is a group of the rows that have no value. */
  readonly hasNull: boolean;
  /** The field is an enum: the statement has the names of its values, `values` only how many. */
  readonly isEnum: boolean;
  /** Rows of each group that are left out. */
  readonly skip: number;
}

/** The last column of the result: 1 for the group of the first value, and so on; 0 for that without a value. */
export const GROUP_COLUMN = '_lifeguard_group';

/**
 * Makes of Prisma's statement for one group that for all groups: the database runs it once for each value of a
 * list, and so reads no more rows of a group than are wanted.
 *
 * Prisma's own text stays as it is but for the condition that makes the group. So filters, order and columns are
 * those of `findMany`, whatever they are.
 *
 * @param statement that of `findMany`, with a marker as the group's condition and the offset as its last argument.
 * @returns undefined when the marker is not found in it.
 */
export function groupStatement(statement: Statement, grouping: Grouping): Statement | undefined {
  const { values, hasNull, isEnum, skip } = grouping;
  const [sql, comments] = splitComments(statement.sql);
  const length = markerLength(values, isEnum);
  const marker = findMarker(sql, statement.args, length);
  const from = marker && fromClauseOf(sql, marker.start);
  if (!from) return undefined;

  const { start, end, column, first } = marker;
  const last = first - 1 + length;
  // The list comes first; what stood behind the marker moves up.
  const renumbered = (text: string) =>
    mapPlaceholders(text, (number) => `$${number < first ? number + 1 : number + 1 - length}`);
  const before = renumbered(sql.slice(0, start));
  const after = renumbered(sql.slice(end));
  const rowsOf = (group: string) => `(${before}${column} ${group}${after}) AS "_lifeguard_rows"`;

  const parts = [
    // Never run: in the words of the column itself it says of what type the list is.
    `WITH "_lifeguard_type" AS (SELECT ${renumbered(from)}WHERE ${column} = ANY($1))`,
    `SELECT "_lifeguard_rows".*, "_lifeguard_groups"."number"::int AS "${GROUP_COLUMN}"`,
    'FROM unnest($1) WITH ORDINALITY AS "_lifeguard_groups" ("value", "number")',
    `CROSS JOIN LATERAL ${rowsOf('= "_lifeguard_groups"."value"')}`,
  ];
  if (hasNull) parts.push(`UNION ALL SELECT "_lifeguard_rows".*, 0 FROM ${rowsOf('IS NULL')}`);

  const args = statement.args.with(-1, String(skip));
  const names = isEnum ? args.slice(first + REPEATS - 2, last) : values;
  const type: ArgType = { ...(statement.argTypes[first - 1] as ArgType), arity: 'list' };
  return {
    sql: parts.join(' ') + comments,
    args: [names, ...args.toSpliced(first - 1, length)],
    argTypes: [type, ...statement.argTypes.toSpliced(first - 1, length)],
  };
}
