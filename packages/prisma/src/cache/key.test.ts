import { runInNewContext } from 'node:vm';
import { DbNull, Decimal, JsonNull, skip } from '@prisma/client/runtime/client';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from './key.ts';

const stock = { modelName: 'Product', name: 'stock', _toGraphQLInputType: () => '' };

test('what means the same has one text', () => {
  expect(canonical({ b: 1, a: { d: 2n, c: [] } })).toBe(canonical({ a: { c: [], d: 2n }, b: 1 }));
  expect(canonical(new Decimal('1.50'))).toBe(canonical(new Decimal('1.5')));
  expect(canonical(Buffer.from('x'))).toBe(canonical(new Uint8Array([120])));
});

test('what differs has another one', () => {
  const values: unknown[] = [
    null,
    undefined,
    true,
    false,
    0,
    -0,
    1,
    Number.NaN,
    Infinity,
    '',
    '1',
    'null',
    'undefined',
    'i1',
    1n,
    0n,
    new Date(1),
    new Date(0),
    new Decimal(1),
    new Decimal('1.5'),
    1.5,
    '1.5',
    new Uint8Array([1]),
    new Uint8Array(),
    'AQ==',
    DbNull,
    JsonNull,
    'DbNull',
    skip,
    's',
    stock,
    { ...stock, name: 'price' },
    [],
    {},
    [[]],
    [undefined],
    { a: undefined },
    { a: 1, b: 2 },
    { a: { b: 2 } },
    ['a', 'b'],
    ['a,b'],
    [{ a: 1 }, { b: 2 }],
    { 'a":1,"b': 2 },
  ];
  expect(new Set(values.map(canonical)).size).toBe(values.length);
});

/** An id as some applications have it: nothing of it shows but what it says of itself. */
class Id {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  toJSON() {
    return this.#value;
  }
}

test('a value is told by what Prisma sends of it', () => {
  const where = (id: unknown) => canonical({ where: { id } });
  expect(where(new Id('ada'))).toBe(where(new Id('ada')));
  expect(where(new Id('ada'))).not.toBe(where(new Id('grace')));
  // A date of another realm, such as a sandbox's, is no instance of Date here.
  const date = (millis: number) => runInNewContext(`new Date(${millis})`) as unknown;
  expect(where(date(1))).toBe(where(new Date(1)));
  expect(where(date(1))).not.toBe(where(date(2)));
  // Prisma reads what an object has inherited as well.
  expect(where(Object.create({ in: [1] }))).not.toBe(where(Object.create({ in: [2] })));
});

test('no two arguments have the same text', () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt(),
    fc.date({ noInvalidDate: true }),
    fc.constantFrom(DbNull, JsonNull),
  );
  const { args } = fc.letrec((tie) => ({
    args: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      leaf,
      fc.array(tie('args'), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 3 }), tie('args'), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
    ),
  }));
  fc.assert(
    fc.property(args, args, (one, other) => {
      expect(canonical(one) === canonical(other)).toBe(isSame(one, other));
    }),
  );
});

test('what is no argument is refused', () => {
  expect(() => canonical({ where: { id: () => 1 } })).toThrow(
    'a function is no argument of a query',
  );
});

function isSame(one: unknown, other: unknown): boolean {
  try {
    expect(one).toStrictEqual(other);
    return true;
  } catch {
    return false;
  }
}
