import { describe, expect, test } from 'vitest';
import type { Pool } from './index.ts';
import { useTestPools, warmUp } from './testing/test-pools.ts';

const pools = useTestPools();

async function onServer(pool: Pool): Promise<string[]> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query(
      'SELECT statement FROM pg_prepared_statements ORDER BY prepare_time, name',
    );
    return rows.map(({ statement }) => statement);
  } finally {
    client.release();
  }
}

describe('prepared statements', () => {
  test('a text is prepared when it has worked a few times', async () => {
    const pool = pools.open({ max: 1 });
    const text = 'SELECT $1::int AS n';
    await pool.query(text, [1]);
    expect(await onServer(pool)).toEqual([]);
    await warmUp(pool, text, [2]);
    await pool.query(text, [3]);
    expect(await onServer(pool)).toEqual([text]);
    expect((await pool.query(text, [4])).rows).toEqual([{ n: 4 }]);
  });

  test('a named one, the second time', async () => {
    const pool = pools.open({ max: 1 });
    const config = { name: 'mine', text: 'SELECT $1::int AS n', values: [1] };
    await pool.query(config);
    await pool.query(config);
    expect(await onServer(pool)).toEqual([config.text]);
  });

  test('not with a comment that is another one in each call, as of a trace; it goes with others all the same', async () => {
    const pool = pools.open({ max: 1 });
    const text = 'SELECT $1::int AS n';
    await warmUp(pool, text, [1]);
    const numbers = Array.from({ length: 30 }, (_, n) => n);
    const all = numbers.map((n) => pool.query(`${text} /*traceparent='00-${n}'*/`, [n]));
    expect(pool.stats().inFlight).toBeGreaterThan(1);
    expect((await Promise.all(all)).map(({ rows }) => rows[0].n)).toEqual(numbers);
    expect(await onServer(pool)).toEqual([text]);
    expect(pool.stats().statements).toHaveLength(1);
  });

  test('never more than prepareCacheSize, the least recently used go', async () => {
    const pool = pools.open({ max: 1, prepareCacheSize: 3 });
    const texts = [1, 2, 3, 4, 5].map((n) => `SELECT ${n}::int + $1::int AS n`);
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(texts.map((text) => pool.query(text, [10])));
      expect(answers.map(({ rows }) => rows[0].n)).toEqual([11, 12, 13, 14, 15]);
    }
    expect(await onServer(pool)).toHaveLength(3);
  });

  test.each([
    ['pgbouncer=true', { pgbouncer: 'true' }],
    ['prepared_statements=false', { prepared_statements: 'false' }],
    ['statement_cache_size=0', { statement_cache_size: 0 }],
  ])('off with %s', async (_, parameters) => {
    const pool = pools.open({ max: 1, connectionString: pools.server.url(parameters) });
    for (let i = 0; i < 10; i++) await pool.query('SELECT $1::int', [i]);
    expect(await onServer(pool)).toEqual([]);
  });
});

describe('what goes stale is made anew, unseen', () => {
  test('a result type that has changed', async () => {
    await pools.admin('CREATE TABLE stale (a int); INSERT INTO stale VALUES (1)');
    const pool = pools.open({ max: 1 });
    const text = 'SELECT * FROM stale WHERE a = $1';
    await warmUp(pool, text, [1]);
    await pool.query(text, [1]);
    await pools.admin('ALTER TABLE stale ADD COLUMN b int DEFAULT 2');
    const answers = await Promise.all(Array.from({ length: 10 }, () => pool.query(text, [1])));
    for (const { rows } of answers) expect(rows).toEqual([{ a: 1, b: 2 }]);
    expect(pool.stats().errors).toEqual({});
    await warmUp(pool, text, [1]);
    expect(await onServer(pool)).toEqual([text]);
  });

  test.each(['DEALLOCATE ALL', 'DISCARD ALL'])('after %s on a checkout', async (command) => {
    const pool = pools.open({ max: 1 });
    const text = 'SELECT $1::int AS n';
    await warmUp(pool, text, [0]);
    await pool.query(text, [0]);
    const client = await pool.connect();
    await client.query(command);
    client.release();
    const answers = await Promise.all([1, 2, 3].map((n) => pool.query(text, [n])));
    expect(answers.map(({ rows }) => rows[0].n)).toEqual([1, 2, 3]);
    expect((await pool.query(text, [4])).rows).toEqual([{ n: 4 }]);
    expect(pool.stats().errors).toEqual({});
    expect(await onServer(pool)).toEqual([text]);
  });

  test('a text whose Parse fails from now on, with followers, and works again later', async () => {
    await pools.admin('CREATE TABLE goes (n int); INSERT INTO goes VALUES (1)');
    const pool = pools.open({ max: 1 });
    const text = 'SELECT n FROM goes WHERE n = $1';
    await warmUp(pool, text, [1]);
    await warmUp(pool, 'SELECT $1::int AS n', [1]);
    await pools.admin('ALTER TABLE goes RENAME TO gone');
    const attempt = () => pool.query(text, [1]).catch((error) => error.code);
    const failed = [attempt(), attempt(), attempt()];
    const neighbours = [1, 2, 3].map((n) => pool.query('SELECT $1::int AS n', [n]));
    expect(await Promise.all(failed)).toEqual(['42P01', '42P01', '42P01']);
    expect((await Promise.all(neighbours)).map(({ rows }) => rows[0].n)).toEqual([1, 2, 3]);
    await pools.admin('ALTER TABLE gone RENAME TO goes');
    for (let i = 0; i < 6; i++) expect((await pool.query(text, [1])).rows).toEqual([{ n: 1 }]);
  });

  test('an error of a prepared statement costs neither its text nor its neighbours', async () => {
    const pool = pools.open({ max: 1 });
    const text = 'SELECT 1 / $1::int AS n';
    await warmUp(pool, text, [1]);
    const answers = await Promise.allSettled([1, 0, 1, 0, 1].map((n) => pool.query(text, [n])));
    const told = answers.map((answer) =>
      answer.status === 'fulfilled' ? answer.value.rows[0].n : answer.reason.code,
    );
    expect(told).toEqual([1, '22012', 1, '22012', 1]);
  });
});

describe('what cannot be sent', () => {
  test.each([1, 5])('a value that throws, after %d uses of its text', async (uses) => {
    const pool = pools.open({ max: 1 });
    const text = 'SELECT $1::text AS t';
    for (let i = 0; i < uses; i++) await pool.query(text, ['x']);
    const bad = {
      toPostgres() {
        throw new Error('not this value');
      },
    };
    const answers = await Promise.allSettled([
      pool.query(text, ['a']),
      pool.query(text, [bad]),
      pool.query(text, ['b']),
    ]);
    expect(answers).toMatchObject([
      { value: { rows: [{ t: 'a' }] } },
      { reason: new Error('not this value') },
      { value: { rows: [{ t: 'b' }] } },
    ]);
    expect(pool.stats().counts.connects).toBe(1);
  });

  test('65 536 parameters are refused with the remedy; 65 535 are sent', async () => {
    const pool = pools.open({ max: 1 });
    const values = Array.from({ length: 65_536 }, (_, i) => i);
    const text = (count: number) =>
      `SELECT count(*)::int AS n FROM (VALUES ${Array.from({ length: count }, (_, i) => `($${i + 1}::int)`)}) v`;
    await expect(pool.query(text(65_536), values)).rejects.toThrow(
      /at most 65535 parameters.*= ANY/,
    );
    const { rows } = await pool.query(text(65_535), values.slice(1));
    expect(rows).toEqual([{ n: 65_535 }]);
  });
});
