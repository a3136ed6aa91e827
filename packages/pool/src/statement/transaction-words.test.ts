import { describe, expect, test } from 'vitest';
import { examine } from './classify.ts';

const word = (sql: string) => examine(sql).transaction;

describe('what a text does to a transaction', () => {
  test.each([
    'BEGIN',
    'begin;',
    'BEGIN WORK',
    'Begin Transaction',
    'START TRANSACTION',
    'BEGIN ISOLATION LEVEL SERIALIZABLE',
    'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY, DEFERRABLE',
    'START TRANSACTION READ WRITE NOT DEFERRABLE',
    '/* why */ BEGIN -- now',
  ])('begins: %s', (sql) => expect(word(sql)).toBe('begin'));

  test.each(['SET TRANSACTION ISOLATION LEVEL READ COMMITTED', 'set transaction read only;'])(
    'sets modes: %s',
    (sql) => expect(word(sql)).toBe('modes'),
  );

  test.each([
    'COMMIT',
    'commit work;',
    'END',
    'ROLLBACK',
    'ABORT TRANSACTION',
    'COMMIT AND NO CHAIN',
  ])('ends: %s', (sql) => expect(word(sql)).toBe('end'));

  test.each([
    'BEGIN; SELECT 1',
    'BEGIN ISOLATION LEVEL',
    'BEGIN something',
    'COMMIT AND CHAIN',
    'ROLLBACK TO SAVEPOINT a',
    "PREPARE TRANSACTION 'a'",
    "COMMIT PREPARED 'a'",
    "SET TRANSACTION SNAPSHOT '1'",
    'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY',
    "SELECT 'BEGIN'",
    '"BEGIN"',
  ])('neither: %s', (sql) => expect(word(sql)).toBeUndefined());
});
