import { Decimal } from '@prisma/client-runtime-utils';
import { describe, expect, test } from 'vitest';
import { createCodec } from './codec.ts';

const codec = createCodec();
const copy = (value: unknown) => codec.decode(codec.encode(value));

describe('values come back as they were', () => {
  test.each([
    ['null', null],
    ['undefined', undefined],
    ['a date', new Date('2030-01-01T12:00:00.123Z')],
    ['a bigint', 9_007_199_254_740_993n],
    ['numbers that JSON loses', [Number.NaN, -0, Number.POSITIVE_INFINITY]],
    ['a Buffer', { bytes: Buffer.from('Grüße') }],
    ['a Uint8Array', { bytes: new Uint8Array([0, 1, 255]) }],
    ['a Map and a Set', new Map([['a', new Set([1, { b: 2 }])]])],
    ['rows', [{ id: 1, name: 'Tea "green"\n', price: null, tags: ['a'], at: new Date(0) }]],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
  ])('%s', (_, value) => {
    expect(copy(value)).toStrictEqual(value);
  });

  test('bytes without those around them', () => {
    const secret = Buffer.from('secret and public');
    const view = new Uint8Array(secret.buffer, secret.byteOffset + 11, 6);
    const text = codec.encode({ view, slice: secret.subarray(11) });
    expect(text).not.toContain(Buffer.from('secret').toString('base64').slice(0, 6));
    expect(codec.decode(text)).toStrictEqual({
      view: new Uint8Array(Buffer.from('public')),
      slice: Buffer.from('public'),
    });
  });

  test('one object that is met twice, and one that holds itself', () => {
    const shared = { id: 1 };
    const value: Record<string, unknown> = { first: shared, second: shared };
    value.self = value;
    const back = copy(value) as typeof value;
    expect(back.first).toBe(back.second);
    expect(back.self).toBe(back);
    expect(back.first).not.toBe(shared);
  });
});

describe('classes', () => {
  class Money {
    readonly cents: number;
    constructor(cents: number) {
      this.cents = cents;
    }
  }

  test('of Prisma and of the application come back when they are told', () => {
    const told = createCodec({
      Decimal: {
        is: Decimal.isDecimal,
        write: (decimal: Decimal) => decimal.toString(),
        read: (text: string) => new Decimal(text),
      },
      Money: {
        is: (value) => value instanceof Money,
        write: ({ cents }: Money) => cents,
        read: (cents: number) => new Money(cents),
      },
    });
    const value = {
      price: new Decimal('12345678901234567890.10'),
      zero: new Decimal(0),
      free: new Money(0),
    };
    const back = told.decode(told.encode(value)) as typeof value;
    expect(back.price.equals(value.price)).toBe(true);
    expect(back.price).toBeInstanceOf(Decimal);
    expect(back.zero.toNumber()).toBe(0);
    expect(back.free).toStrictEqual(new Money(0));
  });

  test.each([
    ['a class that nobody told', new Money(1)],
    ['a function', { f: () => {} }],
    ['an error', new Error('down')],
  ])('%s is refused, not mangled', (_, value) => {
    expect(() => codec.encode({ value })).toThrow();
  });
});
