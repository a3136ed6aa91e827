import { parse, stringify } from 'devalue';

/** How values of a class of yours are written and read, so that a cached one is still of that class. */
export interface ValueType {
  /** Whether a value is of it. */
  is(value: unknown): boolean;
  /** What to store for it: anything that can be stored. */
  write(value: never): unknown;
  /** Makes it again of what `write` returned. */
  read(stored: never): unknown;
}

/** Writes values as text, and reads them so that everybody has a copy of their own. */
export interface Codec {
  /** @throws when the value holds what can't be stored: a function, or an instance of an unknown class. */
  encode(value: unknown): string;
  decode(text: string): unknown;
}

const buffer: ValueType = {
  is: Buffer.isBuffer,
  write: (bytes: Buffer) => bytes.toString('base64'),
  read: (text: string) => Buffer.from(text, 'base64'),
};

/** A view is often a slice of a far larger buffer, with other people's bytes around it. */
const bytes: ValueType = {
  is: (value) => value instanceof Uint8Array,
  write: (view: Uint8Array) =>
    Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('base64'),
  read: (text: string) => new Uint8Array(Buffer.from(text, 'base64')),
};

/**
 * Plain objects, arrays, Date, bigint, Map, Set, undefined, NaN, Buffer, Uint8Array and what else devalue
 * knows, with references that occur twice or in a circle; and the given types, by the name they are stored under.
 */
export function createCodec(types: Readonly<Record<string, ValueType>> = {}): Codec {
  const all = Object.entries({ ...types, Buffer: buffer, Bytes: bytes });
  // In an array, for devalue takes anything falsy for "not of this type".
  const writers = all.map(([name, { is, write }]) => [
    `~${name}`,
    (value: unknown) => is(value) && [(write as (value: unknown) => unknown)(value)],
  ]);
  const readers = all.map(([name, { read }]) => [
    `~${name}`,
    ([stored]: [unknown]) => (read as (stored: unknown) => unknown)(stored),
  ]);
  const reducers = Object.fromEntries(writers);
  const revivers = Object.fromEntries(readers);
  return {
    encode: (value) => stringify(value, reducers),
    decode: (text) => parse(text, revivers),
  };
}
