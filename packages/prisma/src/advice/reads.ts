import type { RepeatedCall } from './advise.ts';
import type { Path } from './changing.ts';
import { type Lookup, lookupOf } from './lookup.ts';
import { plural } from './plural.ts';
import { Code, written } from './written.ts';

const ONE = ['findUnique', 'findUniqueOrThrow', 'findFirst', 'findFirstOrThrow'];
const READS = [...ONE, 'findMany', 'count', 'aggregate', 'groupBy'];
/** They have no meaning for many groups at once. */
const NOT_GROUPED = ['cursor', 'distinct', 'relationLoadStrategy'];

/** What to write in place of reads that are repeated; undefined where that is not certain. */
export function adviseRead(call: RepeatedCall, paths: readonly Path[]): string | undefined {
  if (!READS.includes(call.operation)) return undefined;
  if (paths.length === 0) {
    return 'The calls seen ask for the same: ask once in a request, and hand the answer on (an argument, React’s cache(), a memo of the request).';
  }
  const lookup = lookupOf(call.calls.at(-1), paths);
  if (!lookup || !isScalar(call, lookup.field)) return undefined;
  switch (call.operation) {
    case 'findMany':
      if (NOT_GROUPED.some((name) => name in lookup.rest)) return undefined;
      return 'take' in lookup.rest || 'skip' in lookup.rest
        ? grouped(call, lookup, lookup.rest.take)
        : all(call, lookup);
    case 'count':
      return counted(call, lookup);
    case 'aggregate':
      return aggregated(call, lookup);
    case 'groupBy':
      return undefined;
    default:
      if (NOT_GROUPED.some((name) => name in lookup.rest)) return undefined;
      return isUnique(call, lookup) ? byKey(call, lookup) : grouped(call, lookup, 1);
  }
}

/** One row for each value. */
function byKey(call: RepeatedCall, { field, filters, rest }: Lookup): string {
  const { orderBy: _, take: __, skip: ___, ...asked } = rest;
  const args = { where: whereIn(field, filters), ...withField(asked, field) };
  return `${place(call)} write \`${call.on}.findMany(${written(args)})\`, and find each row in a Map by its ${field}.${included(call, field, filters)}`;
}

/** All rows for each value. */
function all(call: RepeatedCall, { field, filters, rest }: Lookup): string {
  const args = { where: whereIn(field, filters), ...withField(rest, field) };
  return `${place(call)} write \`${call.on}.findMany(${written(args)})\`, and group the rows by their ${field} (Map.groupBy).${included(call, field, filters)}`;
}

/** The first rows for each value: limited in the database, group by group. */
function grouped(call: RepeatedCall, lookup: Lookup, take: unknown): string | undefined {
  const { field, filters, rest } = lookup;
  const isCount = typeof take === 'number' && Number.isSafeInteger(take) && take > 0;
  if (!isCount) return undefined;
  const { take: _, ...asked } = rest;
  const where = Object.keys(filters).length > 0 ? { where: filters } : {};
  const args = {
    by: new Code(`'${field}'`),
    in: new Code(plural(field)),
    take,
    ...where,
    ...asked,
  };
  return `${place(call)} write \`${call.on}.findManyGrouped(${written(args)})\`: one statement, limited to ${take} for each ${field}; \`.get(${field})\` of its answer has the rows.`;
}

function counted(call: RepeatedCall, { field, filters, rest }: Lookup): string | undefined {
  if (Object.keys(rest).length > 0) return undefined;
  const args = { by: new Code(`['${field}']`), where: whereIn(field, filters), _count: true };
  const { schema, after, model } = call;
  const [relation] = after ? (schema?.relationsFrom(after.model, model, field) ?? []) : [];
  const include =
    relation && after && Object.keys(filters).length === 0
      ? ` Where the values come from ${after.model}.${after.operation}: \`include: { _count: { select: { ${relation}: true } } }\` there.`
      : '';
  return `${place(call)} write \`${call.on}.groupBy(${written(args)})\`; a ${field} that is not in its answer has none.${include}`;
}

function aggregated(call: RepeatedCall, { field, filters, rest }: Lookup): string | undefined {
  const isPlain = Object.keys(rest).every((name) => name.startsWith('_'));
  if (!isPlain) return undefined;
  const args = { by: new Code(`['${field}']`), where: whereIn(field, filters), ...rest };
  return `${place(call)} write \`${call.on}.groupBy(${written(args)})\`; a ${field} that is not in its answer has no rows.`;
}

function whereIn(field: string, filters: Lookup['filters']) {
  return { [field]: { in: new Code(plural(field)) }, ...filters };
}

/** The rows are told apart by the field: it has to be among what is selected. */
function withField(asked: Readonly<Record<string, unknown>>, field: string) {
  const { select } = asked as { select?: Record<string, unknown> };
  return select && !select[field] ? { ...asked, select: { [field]: true, ...select } } : asked;
}

/** An include in the query before does it as well, when the schema has the relation. */
function included(call: RepeatedCall, field: string, filters: Lookup['filters']): string {
  const { schema, after, model } = call;
  if (!schema || !after || !/^find/.test(after.operation) || Object.keys(filters).length > 0)
    return '';
  const relations = [
    ...schema.relationsTo(after.model, model, field),
    ...schema.relationsFrom(after.model, model, field),
  ];
  if (relations.length === 0) return '';
  const options = relations.map((name) => `\`include: { ${name}: true }\``).join(' or ');
  return ` Where the values come from ${after.model}.${after.operation}: ${options} there.`;
}

function isUnique({ operation, schema, model }: RepeatedCall, { field }: Lookup): boolean {
  return operation.startsWith('findUnique') || schema?.field(model, field)?.isUnique === true;
}

/** A relation, or a key of several fields, has no list of plain values. */
function isScalar({ schema, model, calls }: RepeatedCall, name: string): boolean {
  const field = schema?.field(model, name);
  if (schema && !field) return false;
  if (field && (field.isList || schema?.isRelation(field) || field.type === 'Json')) return false;
  const value = (calls.at(-1) as { where: Record<string, unknown> }).where[name];
  return (
    value !== null && (typeof value !== 'object' || value instanceof Date || schema !== undefined)
  );
}

function place({ pattern }: RepeatedCall): string {
  return pattern === 'at-once' ? 'In place of the calls at once' : 'Before the loop';
}
