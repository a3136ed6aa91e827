import type { RepeatedCall } from './advise.ts';
import type { Path } from './changing.ts';
import { lookupOf } from './lookup.ts';
import { plural } from './plural.ts';
import { Code, written } from './written.ts';

/** What to write in place of writes that are repeated; undefined where that is not certain. */
export function adviseWrite(call: RepeatedCall, paths: readonly Path[]): string | undefined {
  switch (call.operation) {
    case 'create':
      return created(call);
    case 'update':
    case 'updateMany':
      return updated(call, paths);
    case 'delete':
    case 'deleteMany':
      return deleted(call, paths);
    default:
      return undefined;
  }
}

function created(call: RepeatedCall): string | undefined {
  const { data, ...rest } = call.calls.at(-1) as Record<string, unknown>;
  if (rest.include || !hasOnlyScalars(call, data) || hasRelations(call, rest.select))
    return undefined;
  const args = { data: new Code('rows'), ...rest };
  const one = `\`${call.on}.createMany({ data: rows })\``;
  return `Collect the rows and write ${one} after the loop, or \`${call.on}.createManyAndReturn(${written(args)})\` where what was created is needed.`;
}

function updated(call: RepeatedCall, paths: readonly Path[]): string | undefined {
  const last = call.calls.at(-1) as Record<string, unknown>;
  const { data } = last;
  if (last.include || !hasOnlyScalars(call, data) || hasRelations(call, last.select))
    return undefined;
  const lookup = lookupOf(last, paths);
  if (lookup) {
    const where = { [lookup.field]: { in: new Code(plural(lookup.field)) }, ...lookup.filters };
    if (!isScalarField(call, lookup.field)) return undefined;
    return `All of them get the same data: write \`${call.on}.updateMany(${written({ where, data })})\` (updateManyAndReturn where the rows are needed).`;
  }
  if (paths.some(([part]) => part === 'data') && !call.on.startsWith('tx.')) {
    return `Each gets data of its own, which Prisma writes row by row. Collect the calls without await and give them to \`prisma.$transaction(calls)\`: one connection and one commit in place of one for each. Where they are many, one \`UPDATE … FROM (VALUES …)\` by \`prisma.$executeRaw\`.`;
  }
  return undefined;
}

function deleted(call: RepeatedCall, paths: readonly Path[]): string | undefined {
  const last = call.calls.at(-1) as Record<string, unknown>;
  const lookup = lookupOf(last, paths);
  if (!lookup || Object.keys(lookup.rest).length > 0 || !isScalarField(call, lookup.field))
    return undefined;
  const where = { [lookup.field]: { in: new Code(plural(lookup.field)) }, ...lookup.filters };
  const missing =
    call.operation === 'delete'
      ? ' It counts what was deleted, and does not throw for a row that is not there.'
      : '';
  return `Write \`${call.on}.deleteMany(${written({ where })})\` in place of the calls.${missing}`;
}

function hasOnlyScalars({ schema, model }: RepeatedCall, data: unknown): boolean {
  if (!schema || typeof data !== 'object' || data === null || Array.isArray(data)) return false;
  return Object.keys(data).every((name) => {
    const field = schema.field(model, name);
    return field !== undefined && !schema.isRelation(field);
  });
}

function hasRelations({ schema, model }: RepeatedCall, select: unknown): boolean {
  if (typeof select !== 'object' || select === null) return false;
  return Object.keys(select).some((name) => {
    const field = schema?.field(model, name);
    return !field || schema?.isRelation(field) === true;
  });
}

function isScalarField({ schema, model }: RepeatedCall, name: string): boolean {
  const field = schema?.field(model, name);
  return (
    field !== undefined && !field.isList && !schema?.isRelation(field) && field.type !== 'Json'
  );
}
