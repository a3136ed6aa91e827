import { describe, expect, test } from 'vitest';
import { classify, examine } from './classify.ts';

describe('shared: one autocommit statement that leaves nothing behind', () => {
  test.each([
    'SELECT 1',
    'select 1;',
    'SELECT 1 ; ; -- done',
    '  \n SELECT 1',
    '/* a /* b */ BEGIN; */ SELECT 1',
    '-- BEGIN;\nSELECT 1',
    '((SELECT 1) UNION (SELECT 2))',
    "SELECT 'BEGIN; COMMIT'",
    "SELECT 'it''s; set_config'",
    "SELECT E'\\'; BEGIN; --'",
    'SELECT $$; BEGIN; $$',
    'SELECT $q$ pg_advisory_lock(1); $$ $q$',
    'SELECT "begin;" FROM t',
    'SELECT * FROM t FOR UPDATE',
    'WITH a AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM a',
    'INSERT INTO t VALUES ($1)',
    'UPDATE t SET a = 1',
    'DELETE FROM t',
    'MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE',
    'VALUES (1)',
    'TABLE t',
    'SHOW search_path',
    'EXPLAIN SELECT 1',
    'SELECT pg_advisory_xact_lock(1)',
    "SELECT nextval('s')",
    'SELECT temperature FROM t',
    "SELECT u & 1 FROM t WHERE a LIKE $1 ESCAPE '\\'",
  ])('%s', (sql) => {
    expect(classify(sql)).toBe('shared');
  });
});

describe('exclusive: it needs the session to itself, or nobody can tell', () => {
  test.each([
    '',
    ';',
    '-- only a comment',
    '/* open',
    'BEGIN',
    'begin isolation level serializable',
    '/* a */ -- b\n BEGIN',
    '(BEGIN)',
    'START TRANSACTION',
    'COMMIT',
    'ROLLBACK',
    'SAVEPOINT a',
    "SET search_path = 'a'",
    'RESET ALL',
    'LISTEN a',
    'UNLISTEN *',
    'COPY t FROM STDIN',
    'DECLARE c CURSOR FOR SELECT 1',
    'FETCH c',
    'LOCK t',
    'PREPARE a AS SELECT 1',
    'EXECUTE a',
    'DEALLOCATE ALL',
    'DISCARD ALL',
    'CREATE TABLE t ()',
    'CALL p()',
    'DO $$ BEGIN END $$',
    'VACUUM',
    ';SELECT 1',
    'SELECT 1; SELECT 2',
    "SELECT 'a'; BEGIN",
    'SELECT 1 -- a\r; BEGIN',
    "SELECT E'\\\\'; BEGIN; --'",
    'SELECT $a$ $b$ $a$; BEGIN',
    'SELECT pg_advisory_lock(1)',
    'SELECT PG_TRY_ADVISORY_LOCK ( 1 )',
    'SELECT pg_catalog."pg_advisory_lock"(1)',
    'SELECT pg_advisory_unlock_all()',
    "SELECT set_config('a.b', 'c', false)",
    "SELECT currval('s')",
    'SELECT lastval()',
    'SELECT setseed(0.5)',
    'SELECT pg_backend_pid()',
    "SELECT lo_import('f')",
    'SELECT 1 INTO TEMP t',
    'SELECT * INTO TEMPORARY t FROM s',
    'SELECT 1 INTO LOCAL TEMP t',
    'EXPLAIN ANALYZE CREATE TEMP TABLE t AS SELECT 1',
    'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) CREATE TEMPORARY TABLE t AS SELECT 1',
    'SELECT * FROM pg_temp.t',
    "SELECT dblink_connect('c', '')",
    "SELECT U&\"set\\005fconfig\"('a.b', 'c', false)",
    'EXPLAIN ANALYZE EXECUTE a',
    'SELECT set_limit(0.5)',
    "SELECT pg_backup_start('nightly')",
    "SELECT pg_create_logical_replication_slot('s', 'test_decoding', temporary => true)",
    "SELECT pg_replication_origin_session_setup('o')",
  ])('%s', (sql) => {
    expect(classify(sql)).toBe('exclusive');
  });
});

describe('what only looks as if it needed its session is shared', () => {
  test.each([
    'SELECT "reading"."temp", "lo_price", setseed FROM reading',
    'SELECT currval FROM readings WHERE lastval > $1',
    'SELECT 1 INTO plain FROM t',
  ])('%s', (sql) => {
    expect(classify(sql)).toBe('shared');
  });
});

describe('may wait for row locks', () => {
  test.each([
    ['SELECT 1', false],
    ["SELECT 'for update' -- delete", false],
    ['VALUES (1)', false],
    ['SELECT n FROM t FOR UPDATE', true],
    ['SELECT n FROM t FOR NO KEY UPDATE SKIP LOCKED', true],
    ['SELECT n FROM t FOR KEY SHARE', true],
    ['INSERT INTO t VALUES (1)', true],
    ['UPDATE t SET n = 1', true],
    ['DELETE FROM t', true],
    ['WITH gone AS (DELETE FROM t RETURNING n) SELECT n FROM gone', true],
    ['EXPLAIN ANALYZE UPDATE t SET n = 1', true],
    ['SELECT pg_advisory_xact_lock($1)', true],
    ['SELECT pg_try_advisory_xact_lock($1)', false],
  ])('%s: %s', (sql, expected) => {
    expect(examine(sql).mayWaitForLocks).toBe(expected);
  });
});
