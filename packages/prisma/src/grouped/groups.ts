import type { GroupedRequest } from './request.ts';
import { type GroupField, keyOf } from './values.ts';

/** What was read for a request: rows, and for each of them the group it is in (see `GROUP_COLUMN`). */
export interface GroupedRows {
  readonly rows: readonly unknown[];
  readonly groups: readonly number[];
}

/** All groups that were asked for, in that order, also those without rows. */
export function groupRows(
  { field, values }: GroupedRequest,
  { rows, groups }: GroupedRows,
): Map<unknown, unknown[]> {
  const all = mapByValue(field, values);
  const places = [
    all.get(null),
    ...values.filter((value) => value !== null).map((value) => all.get(value)),
  ];
  for (const [index, row] of rows.entries()) places[groups[index] as number]?.push(row);
  return all;
}

/** A Map that finds dates, decimals and bytes by what they say, and not only by the very same object. */
function mapByValue(field: GroupField, values: readonly unknown[]): Map<unknown, unknown[]> {
  const groups = new Map<unknown, unknown[]>(values.map((value) => [value, []]));
  if (!field.type.key) return groups;
  const originals = new Map(values.map((value) => [keyOf(field, value), value]));
  const original = (value: unknown) => originals.get(keyOf(field, value));
  return Object.defineProperties(groups, {
    get: { value: (value: unknown) => Map.prototype.get.call(groups, original(value)) },
    has: { value: (value: unknown) => Map.prototype.has.call(groups, original(value)) },
  });
}
