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

describe('what stays in the session', () => {
  test.each([
    "SET search_path = 'a'",
    'set time zone utc',
    "SELECT set_config('a.b', 'c', false)",
    'SELECT 1; SET a.b = 1',
    'CREATE TEMP TABLE t (a int)',
    'create or replace temporary view v as select 1',
    'CREATE TABLE pg_temp.t (a int)',
    'SELECT 1 AS a INTO TEMPORARY t',
    'LISTEN a',
    'PREPARE a AS SELECT 1',
    'DECLARE a CURSOR WITH HOLD FOR SELECT 1',
    'SELECT pg_advisory_lock(1)',
    'select a, b, c, d, e, f, g, h, i, pg_try_advisory_lock_shared(1) from t',
    'DO $$ BEGIN END $$',
    'CALL p()',
  ])('%s', (sql) => expect(examine(sql).leavesState).toBe(true));

  test.each([
    'SET LOCAL a.b = 1',
    'SET TRANSACTION READ ONLY',
    'SET CONSTRAINTS ALL DEFERRED',
    'RESET ALL',
    'UNLISTEN *',
    'SELECT temp FROM weather',
    'CREATE TABLE t (temperature int)',
    'INSERT INTO temps VALUES (1)',
    'DECLARE a CURSOR FOR SELECT 1',
    "PREPARE TRANSACTION 'a'",
    'SELECT pg_advisory_xact_lock(1)',
    'BEGIN',
    'SAVEPOINT a',
    'COPY t FROM STDIN',
    "SELECT 'SET a = 1'",
  ])('nothing: %s', (sql) => expect(examine(sql).leavesState).toBe(false));
});
