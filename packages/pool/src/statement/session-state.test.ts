import { describe, expect, test } from 'vitest';
import { examine } from './classify.ts';

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
    'SELECT a, b, c, d, e, f, g, h INTO LOCAL TEMPORARY t FROM s',
    'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) CREATE TEMP TABLE t AS SELECT 1',
    'LISTEN a',
    'PREPARE a AS SELECT 1',
    'DECLARE a CURSOR WITH HOLD FOR SELECT 1',
    'SELECT pg_advisory_lock(1)',
    'select a, b, c, d, e, f, g, h, i, pg_try_advisory_lock_shared(1) from t',
    'DO $$ BEGIN END $$',
    'CALL p()',
    'SELECT set_limit(0.5)',
    "SELECT U&\"set\\005fconfig\"('a.b', 'c', false)",
  ])('%s', (sql) => expect(examine(sql).leavesState).toBe(true));

  test.each([
    'SET LOCAL a.b = 1',
    'SET TRANSACTION READ ONLY',
    'SET CONSTRAINTS ALL DEFERRED',
    'SELECT temp FROM weather',
    'CREATE TABLE t (temperature int)',
    'INSERT INTO temps VALUES (1)',
    'DECLARE a CURSOR FOR SELECT temp FROM weather',
    "PREPARE TRANSACTION 'a'",
    'SELECT pg_advisory_xact_lock(1)',
    'BEGIN',
    'SAVEPOINT a',
    'COPY t FROM STDIN',
    "SELECT 'SET a = 1'",
  ])('nothing: %s', (sql) => expect(examine(sql).leavesState).toBe(false));
});

test.each(['RESET search_path', 'DISCARD ALL', 'UNLISTEN *', 'DEALLOCATE ALL'])(
  'what undoes an application’s own preparation counts as well: %s',
  (sql) => expect(examine(sql).leavesState).toBe(true),
);

describe('a setting by function', () => {
  test.each([
    "SELECT set_config('a.tenant', $1, TRUE)",
    "SELECT pg_catalog.set_config('a.tenant', ($1)::text, true), set_config('a.user', concat($2, ''), true)",
    "SELECT 1; SELECT set_config('a.b', '', true)",
  ])('ends with its transaction: %s', (sql) => expect(examine(sql).leavesState).toBe(false));

  test.each([
    "SELECT set_config('a.b', $1, $2)",
    "SELECT set_config('a.b', 'true', false), true",
    "SELECT set_config('a.b', '', true), set_config('c.d', '', false)",
    "SELECT set_config('a.b', '', true AND $1)",
    "SELECT set_config('a.b', ', true', false)",
    "SELECT 1, 2, 3; SELECT set_config('a.b', '', false)",
    'SELECT set_config',
  ])('may stay: %s', (sql) => expect(examine(sql).leavesState).toBe(true));
});
