import { connect } from 'node:net';
import { types } from 'node:util';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { copyError } from './copy-error.ts';
import { PoolTimeoutError } from './index.ts';

const refused = (): Promise<Error> =>
  new Promise((resolve) => connect(1, '127.0.0.1').on('error', resolve));

function databaseError(): Error {
  const error = new pg.DatabaseError('sorry, too many clients already', 10, 'error');
  return Object.assign(error, { code: '53300', severity: 'FATAL' });
}

const cause = new Error('the cause');
const originals: Record<string, () => Error | Promise<Error>> = {
  'an error of the server': databaseError,
  'an error of the socket': refused,
  'one of the pool': () => new PoolTimeoutError('too late', { cause }),
  'one of several': () => new AggregateError([new Error('::1'), new Error('127.0.0.1')], 'both'),
  'one that is decorated': () => Object.assign(new TypeError('x'), { outcome: 'unknown' }),
  'one of the platform': () => new DOMException('stop', 'AbortError'),
};

describe.each(Object.entries(originals))('%s, copied', (_, make) => {
  test('is another object, and the same in all that a program looks at', async () => {
    const original = await make();
    const copy = copyError(original);
    expect(copy).not.toBe(original);
    expect(Object.getPrototypeOf(copy)).toBe(Object.getPrototypeOf(original));
    expect(copy).toBeInstanceOf(Error);
    const { name, message } = original;
    expect({ name: copy.name, message: copy.message }).toEqual({ name, message });
    expect(Reflect.get(copy, 'code')).toBe(Reflect.get(original, 'code'));
    expect(copy.cause).toBe(original.cause);
    expect(Object.entries(copy)).toEqual(Object.entries(original));
    expect(Object.keys(copy)).toEqual(Object.keys(original));
    expect(String(copy)).toBe(String(original));
  });

  test('leaves the original alone', async () => {
    const original = await make();
    const { stack } = original;
    const copy = copyError(original);
    Object.assign(copy, { note: 'mine' });
    Error.captureStackTrace(copy);
    expect(original).not.toHaveProperty('note');
    expect(original.stack).toBe(stack);
    expect(copy.stack).toContain('copy-error.test');
  });
});

test('shows as an error everywhere, with the stack of the original', () => {
  const original = databaseError();
  const copy = copyError(original);
  expect(types.isNativeError(copy)).toBe(true);
  expect(copy.stack).toBe(original.stack);
  expect(Object.keys(copy)).not.toContain('stack');
});

test('what is not enumerable stays so', () => {
  const stats = { connections: { max: 5 } };
  const original = new PoolTimeoutError('too late', { stats: stats as never });
  const copy = copyError(original);
  expect(copy.stats).toBe(stats);
  expect(Object.keys(copy)).not.toContain('stats');
});
