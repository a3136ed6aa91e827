import { type Placeholder, placeholdersOf } from './sql.ts';

/**
 * How often the same equation stands in the condition for a group. Nobody would write it so, it means what one
 * of them means, and so it is found again in the statement that Prisma makes of it.
 */
export const REPEATS = 3;

/** The values of an enum all follow: only the statement has the names that they have in the database. */
export function markerLength(values: readonly unknown[], isEnum: boolean): number {
  return isEnum ? REPEATS + values.length - 1 : REPEATS;
}

/** The condition for a group, as filters that all have to hold. */
export function markerFilters(
  field: string,
  values: readonly unknown[],
  isEnum: boolean,
): Record<string, unknown>[] {
  const [first, ...others] = values;
  const repeated = Array.from({ length: REPEATS }, () => first);
  return [...repeated, ...(isEnum ? others : [])].map((value) => ({ [field]: value }));
}

/** The marker in a statement: `sql.slice(start, end)` equates `column` with the placeholders from `first` on. */
export interface Marker {
  readonly start: number;
  readonly end: number;
  /** As the statement has it, such as `"public"."Book"."authorId"`. */
  readonly column: string;
  /** Number of the first placeholder. */
  readonly first: number;
}

/** From one value of an equation to that of the next, such as ` AND "t"."c" = `, or with a cast around the value. */
const BETWEEN_VALUES =
  /^(?<after>.*?) AND (?<column>"(?:[^"]|"")*"(?:\."(?:[^"]|"")*")*) = (?<before>[^"$]*)$/s;

/**
 * Finds the marker of `length` equations.
 *
 * @param args the statement's arguments.
 * @returns undefined when there is none, or more than one.
 */
export function findMarker(
  sql: string,
  args: readonly unknown[],
  length: number,
): Marker | undefined {
  const placeholders = placeholdersOf(sql);
  let found: Marker | undefined;
  for (let index = 0; index + length <= placeholders.length; index++) {
    const own = placeholders.slice(index, index + length);
    if (!areValues(own.map(({ number }) => args[number - 1]))) continue;
    const marker = markerAt(sql, own);
    if (!marker) continue;
    // One more of the same equation behind it: whichever of them are taken, the rest means the same.
    if (found && marker.start > found.end) return undefined;
    found ??= marker;
  }
  return found;
}

function markerAt(sql: string, own: readonly Placeholder[]): Marker | undefined {
  const [first, second] = own as [Placeholder, Placeholder];
  const between = sql.slice(first.end, second.start);
  const { after = '', column, before = '' } = BETWEEN_VALUES.exec(between)?.groups ?? {};
  if (column === undefined) return undefined;
  const areAlike = own.every(
    ({ number, start }, index) =>
      number === first.number + index &&
      (index === 0 || sql.slice(own[index - 1]?.end, start) === between),
  );
  const opening = `${column} = ${before}`;
  const start = first.start - opening.length;
  const lastEnd = own.at(-1)?.end as number;
  const end = lastEnd + after.length;
  const isWhole = sql.slice(start, first.start) === opening && sql.slice(lastEnd, end) === after;
  return areAlike && isWhole ? { start, end, column, first: first.number } : undefined;
}

/** The first value as often as it has to be, and no other one twice. */
function areValues(values: readonly unknown[]): boolean {
  const [first, ...rest] = values.map(comparable);
  const others = rest.slice(REPEATS - 1);
  return (
    rest.slice(0, REPEATS - 1).every((value) => value === first) &&
    !others.includes(first) &&
    new Set(others).size === others.length
  );
}

function comparable(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : value;
}
