import { Decimal } from '@prisma/client/runtime/client';

/** What values of a scalar type are, and how a statement has them. */
interface ScalarType {
  /** In words, for errors. */
  readonly is: string;
  matches(value: unknown): boolean;
  /** As Prisma gives it to an adapter; default: as it is. */
  write?(value: never): unknown;
  /** Something equal for equal values; default: the value itself. */
  key?(value: never): unknown;
}

const isNumber = (value: unknown) => typeof value === 'number';
const isString = (value: unknown) => typeof value === 'string';

/** By the names that types of fields have in Prisma's schema. What is not here can't be told equal in SQL. */
const SCALAR_TYPES: Readonly<Record<string, ScalarType>> = {
  String: { is: 'a string', matches: isString },
  Int: { is: 'a whole number', matches: Number.isInteger },
  Float: { is: 'a number', matches: isNumber },
  Boolean: { is: 'true or false', matches: (value) => typeof value === 'boolean' },
  BigInt: { is: 'a bigint', matches: (value) => typeof value === 'bigint', write: String },
  Decimal: {
    is: 'a Prisma.Decimal',
    matches: Decimal.isDecimal,
    write: (decimal: Decimal) => decimal.toFixed(),
    key: (decimal: Decimal) => decimal.toFixed(),
  },
  DateTime: {
    is: 'a valid Date',
    matches: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
    key: (date: Date) => date.getTime(),
  },
  Bytes: {
    is: 'a Uint8Array',
    matches: (value) => value instanceof Uint8Array,
    key: (bytes: Uint8Array) => Buffer.from(bytes).toString('base64'),
  },
};

const ENUM: ScalarType = { is: 'a value of the enum', matches: isString };

/** A field by whose values rows are grouped. */
export interface GroupField {
  readonly name: string;
  readonly isEnum: boolean;
  readonly type: ScalarType;
}

/** What Prisma says of a field in `prisma.model.fields`. */
interface FieldReference {
  readonly name: string;
  readonly typeName: string;
  readonly isEnum: boolean;
}

/** Undefined when its values can't be told equal: JSON, and types that Prisma does not support. */
export function groupField({ name, typeName, isEnum }: FieldReference): GroupField | undefined {
  const type = isEnum ? ENUM : SCALAR_TYPES[typeName];
  return type && { name, isEnum, type };
}

export function writeValue({ type }: GroupField, value: unknown): unknown {
  return type.write ? type.write(value as never) : value;
}

export function keyOf({ type }: GroupField, value: unknown): unknown {
  return value !== null && type.matches(value) && type.key ? type.key(value as never) : value;
}
