import { createHash } from 'node:crypto';
import { types } from 'node:util';
import { isObjectEnumValue, skip } from '@prisma/client/runtime/client';

/**
 * A text for the arguments of an operation: the same for arguments that mean the same, another one for all others.
 * Each value is told by what Prisma would send of it: two that differ there must never share an answer.
 * Names of properties are sorted; what is not JSON is written with a letter in front, which JSON never has.
 *
 * @throws TypeError for what can't be an argument, such as a function.
 */
export function canonical(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : `${value}`;
    case 'boolean':
      return `${value}`;
    case 'bigint':
      return `i${value}`;
    case 'undefined':
      return 'u';
    case 'object':
      return value === null ? 'null' : canonicalObject(value);
    default:
      throw new TypeError(`a ${typeof value} is no argument of a query`);
  }
}

function canonicalObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (types.isDate(value)) return `t${value.getTime()}`;
  if (ArrayBuffer.isView(value)) {
    return `y${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}`;
  }
  if (isDecimal(value)) return `d${value.toFixed()}`;
  if (isObjectEnumValue(value)) return `n${value._getName()}`;
  if (isFieldReference(value)) return `f${JSON.stringify([value.modelName, value.name])}`;
  if (isSkip(value)) return 's';
  if (speaksForItself(value)) return canonical(value.toJSON());
  const entries = entriesOf(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`;
}

/** A short name for a text, that tells nothing of what it says. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Ids and dates of libraries, whose fields say nothing of them. */
function speaksForItself(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** With those that it has inherited. */
function entriesOf(value: object): [string, unknown][] {
  const entries: [string, unknown][] = [];
  for (const name in value) entries.push([name, (value as Record<string, unknown>)[name]]);
  return entries;
}

/** As Prisma tells decimals of any library, and of any copy of it. */
function isDecimal(value: object): value is { toFixed(): string } {
  const { s, e, d, toFixed } = value as Record<string, unknown>;
  return (
    typeof s === 'number' &&
    typeof e === 'number' &&
    Array.isArray(d) &&
    typeof toFixed === 'function'
  );
}

/** `prisma.product.fields.stock`; Prisma does not export its class. */
function isFieldReference(value: object): value is { modelName: string; name: string } {
  return '_toGraphQLInputType' in value;
}

function isSkip(value: object): boolean {
  return value.constructor === skip.constructor;
}
