import { invalidCall } from '../errors/invalid-call.ts';
import { markerFilters } from './marker.ts';
import { type GroupField, groupField, keyOf } from './values.ts';

/** A model of a client, as extensions find it. */
export interface Model {
  readonly $name: string;
  readonly fields: Readonly<Record<string, Parameters<typeof groupField>[0] | undefined>>;
  findMany(args: object): PromiseLike<unknown[]>;
}

/** A call of `findManyGrouped`, looked at. */
export interface GroupedRequest {
  readonly field: GroupField;
  /** Each value once, in the order that they came; null may be one of them. */
  readonly values: readonly unknown[];
  readonly take: number;
  readonly skip: number;
  /** What is left for `findMany`: `where`, `orderBy`, `select` … */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** What `findMany` has, and what would mean something else for groups. */
const NOT_TAKEN = ['cursor', 'distinct'];

/** @throws PrismaClientValidationError that names what is wrong. */
export function groupedRequest(model: Model, args: unknown): GroupedRequest {
  const refuse = (problem: string): never => {
    throw invalidCall(model.$name, 'findManyGrouped', problem);
  };
  if (typeof args !== 'object' || args === null) return refuse('it needs `by`, `in` and `take`.');
  const { by, in: given, take, skip = 0, ...rest } = args as Record<string, unknown>;

  const known = typeof by === 'string' ? model.fields[by] : undefined;
  if (!known) {
    const names = Object.keys(model.fields).join(', ');
    return refuse(
      `\`by\` must name one scalar field of ${model.$name} (${names}); it is ${shown(by)}.`,
    );
  }
  const field = groupField(known);
  if (!field) {
    return refuse(`rows can't be grouped \`by\` ${by}: ${known.typeName} has no equality.`);
  }
  if (!Array.isArray(given)) {
    return refuse(`\`in\` must be an array of the values of ${by}; it is ${shown(given)}.`);
  }
  const wrong = given.findIndex((value) => value !== null && !field.type.matches(value));
  if (wrong >= 0) {
    return refuse(`\`in[${wrong}]\` must be ${field.type.is}; it is ${shown(given[wrong])}.`);
  }
  if (!isCount(take) || take === 0) {
    return refuse(`\`take\` must be a whole number from 1 on; it is ${shown(take)}.`);
  }
  if (!isCount(skip)) {
    return refuse(`\`skip\` must be a whole number from 0 on; it is ${shown(skip)}.`);
  }
  const extra = NOT_TAKEN.find((name) => rest[name] !== undefined);
  if (extra) return refuse(`it takes no \`${extra}\`.`);

  const values = new Map(given.map((value) => [keyOf(field, value), value]));
  return { field, values: [...values.values()], take, skip, rest };
}

/** The values that a group is made by in the statement for all groups. */
export function someValues({ values }: GroupedRequest): unknown[] {
  return values.filter((value) => value !== null);
}

/**
 * The arguments of `findMany` for the group of the first value; its statement is then made one for all groups.
 *
 * @param skip instead of the request's own: the statement is known by it.
 */
export function findManyArgs(request: GroupedRequest, skip: number): Record<string, unknown> {
  const { field, values, rest } = request;
  const { where, ...others } = rest;
  const some = someValues(request);
  const AND: object[] =
    some.length > 0
      ? markerFilters(field.name, some, field.isEnum)
      : values.map((value) => ({ [field.name]: value }));
  if (where !== undefined) AND.push(where as object);
  // Without a value there is no group, and not one of all rows.
  const take = values.length > 0 ? request.take : 0;
  return { ...others, where: { AND }, take, skip };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** What a value is, without what may be private in it. */
function shown(value: unknown): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return 'an invalid Date';
  return typeof value === 'object' ? 'an object' : typeof value;
}
