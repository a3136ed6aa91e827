import { describe, expect, test } from 'vitest';
import { toFailure } from './failure.ts';
import { Refusal } from './refusal.ts';

const timedOut =
  'Timed out fetching a new connection from the connection pool. (Current connection pool timeout: 10, connection limit: 5)';

test.each([
  ['bare', timedOut],
  ['with the call', `\nInvalid \`prisma.product.findFirst()\` invocation:\n\n\n${timedOut}`],
  [
    'with a frame of the source',
    `\nInvalid \`prisma.product.findFirst()\` invocation in\n/srv/shop/product.ts:8:5\n\n  7 x\n→ 8 await prisma.product.findFirst(\n${timedOut}\n  more`,
  ],
])('P2024, its message %s, is 503 with the line that says what happened', (_, message) => {
  expect(toFailure(Object.assign(new Error(message), { code: 'P2024' }))).toEqual({
    status: 503,
    error: 'P2024',
    message: timedOut,
  });
});

test.each([
  ['P2028', 'Transaction API error: Unable to start a transaction in the given time.'],
  ['P2037', 'Too many database connections opened: sorry, too many clients already'],
  ['P2010', 'Raw query failed. Code: `53300`. Message: `sorry, too many clients already`'],
  ['P2039', 'Database error. Code: `57P01`. Message: `terminating connection`'],
])('%s is 503: %s', (code, message) => {
  expect(toFailure(Object.assign(new Error(message), { code }))).toEqual({
    status: 503,
    error: code,
    message,
  });
});

test.each([
  'timeout exceeded when trying to connect',
  'Connection terminated due to connection timeout',
])('pg: %s is 503', (message) => {
  expect(toFailure(new Error(message))).toEqual({ status: 503, error: 'connection', message });
});

test('a refusal keeps its code and words', () => {
  expect(toFailure(new Refusal('sold-out', 'None are left.'))).toEqual({
    status: 409,
    error: 'sold-out',
    message: 'None are left.',
  });
});

describe('anything else is 500 and tells nothing', () => {
  test.each([
    new TypeError('x is not a function'),
    Object.assign(new Error('Raw query failed. Code: `42P01`. Message: `no table`'), {
      code: 'P2010',
    }),
    'a string',
    undefined,
  ])('%s', (thrown) => {
    expect(toFailure(thrown)).toEqual({
      status: 500,
      error: 'internal',
      message: 'The shop failed to answer this request.',
    });
  });
});
