import { describe, expect, test } from 'vitest';
import { NoAnswerError } from '../time/no-answer-error.ts';
import { isOutage } from './outage.ts';

const withCode = (code: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });

describe('an outage is', () => {
  test.each([
    ['a refused connection', withCode('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432')],
    ["Prisma's P1001", withCode('P1001', "Can't reach database server at 127.0.0.1:5432")],
    ['a full pool', withCode('P2024', 'Timed out fetching a new connection from the pool')],
    ['a full server', withCode('53300', 'sorry, too many clients already', { severity: 'FATAL' })],
    ['a restart', withCode('57P01', 'terminating connection due to administrator command')],
    [
      'a statement over its limit',
      withCode('57014', 'canceling statement due to statement timeout'),
    ],
    ['an open breaker', withCode('LIFEGUARD_BREAKER_OPEN', 'refused at once')],
    ['no answer in time', new NoAnswerError('The source of "a"', 5000)],
    [
      'a wrapped one',
      new Error('getProducts failed', { cause: withCode('LIFEGUARD_DEADLINE', 'late') }),
    ],
    [
      'a password that no longer fits',
      withCode('28P01', 'password authentication failed for user "app"', { severity: 'FATAL' }),
    ],
  ])('%s', (_, error) => {
    expect(isOutage(error)).toBe(true);
  });
});

describe('the application hears of', () => {
  test.each([
    ['a unique violation', withCode('23505', 'duplicate key value', { severity: 'ERROR' })],
    ['nothing found', withCode('P2025', 'No record was found for a query.')],
    [
      'a wrong query',
      withCode('42P01', 'relation "products" does not exist', { severity: 'ERROR' }),
    ],
    ['its own defect', new TypeError("Cannot read properties of undefined (reading 'id')")],
    ['a write conflict', withCode('40001', 'could not serialize access', { severity: 'ERROR' })],
    ['something that is no error', 'no'],
  ])('%s', (_, error) => {
    expect(isOutage(error)).toBe(false);
  });
});
