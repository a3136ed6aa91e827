import { expect, test } from 'vitest';
import { isCertainlyRead } from './certainly-read.ts';

test.each([
  'SELECT 1',
  '(SELECT 1) UNION ALL (SELECT 2);',
  'SELECT count(*), max(price) FROM product WHERE id IN ($1, $2) AND (a OR b)',
  'SELECT "id" FROM "Book" WHERE title = \'INSERT INTO x; DELETE\' -- update',
  'WITH top AS (SELECT * FROM p ORDER BY price LIMIT 3) SELECT * FROM top',
  'SELECT row_number() OVER (PARTITION BY a ORDER BY b) FROM t',
  'SELECT CAST(a AS numeric(10, 2)), extract(year FROM b) FROM t GROUP BY ROLLUP (a)',
  'VALUES (1), (2)',
  'TABLE product',
  'SHOW server_version',
  'SELECT pg_sleep(1)',
])('%s', (sql) => {
  expect(isCertainlyRead(sql)).toBe(true);
});

test.each([
  '',
  'INSERT INTO t VALUES (1)',
  'UPDATE t SET a = 1 RETURNING *',
  'WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone',
  'SELECT * INTO copy FROM t',
  'SELECT place_order(1)',
  'SELECT shop.count(1)',
  'SELECT "Count"(1)',
  "SELECT nextval('orders_id_seq')",
  'SELECT pg_advisory_lock(1)',
  "SELECT set_config('a', 'b', false)",
  'SELECT 1; SELECT 2',
  'EXPLAIN ANALYZE DELETE FROM t',
  'CALL settle()',
  'DO $$ BEGIN END $$',
  'BEGIN',
  'SELECT * FROM t FOR UPDATE',
])('not %s', (sql) => {
  expect(isCertainlyRead(sql)).toBe(false);
});
