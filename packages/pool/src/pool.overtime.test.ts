import { startFaultProxy } from '@lifeguard/testkit';
import { describe, expect, test } from 'vitest';
import { StatementTimeoutError, withDeadline } from './index.ts';
import { useTestPools, warmUp, watch } from './testing/test-pools.ts';

const pools = useTestPools();

/** Statements of pg_sleep that the server still runs. */
async function sleepers(): Promise<number> {
  const { rows } = await pools.admin(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()",
  );
  return rows[0].n;
}

const SLEEP = 'SELECT pg_sleep(30)';

describe('a statement that stands in others’ way', () => {
  test('begins again by itself, and nobody waits behind it', async () => {
    await pools.admin('CREATE TABLE locked AS SELECT 1 AS n');
    const pool = pools.open({ max: 2 });
    const [slow, fast] = ['SELECT n FROM locked', 'SELECT 2 AS n'];
    await warmUp(pool, slow);
    await warmUp(pool, fast);
    const migration = await pools.open({ max: 1 }).connect();
    await migration.query('BEGIN');
    await migration.query('LOCK TABLE locked');
    const blocked = watch(pool.query(slow));
    const behind = Array.from({ length: 5 }, () => pool.query(fast));
    for (const { rows } of await Promise.all(behind)) expect(rows).toEqual([{ n: 2 }]);
    expect(blocked.done).toBe(false);
    for (let i = 0; i < 20; i++) await pool.query(fast);
    await migration.query('COMMIT');
    expect((await blocked.promise).rows).toEqual([{ n: 1 }]);
    migration.release();
    expect(pool.totalCount).toBe(2);
  });
});

describe('a statement that calls a function of the application’s own', () => {
  test('is done once, however slow, and whoever stands behind it waits', async () => {
    await pools.admin(`CREATE SEQUENCE sent; CREATE TABLE pace AS SELECT 0 AS seconds;
      CREATE FUNCTION send_mail() RETURNS bigint LANGUAGE plpgsql AS $$
        DECLARE n bigint := nextval('sent');
        BEGIN PERFORM pg_sleep((SELECT seconds FROM pace)); RETURN n; END $$`);
    const pool = pools.open({ max: 1 });
    const fast = 'SELECT 2 AS n';
    await warmUp(pool, 'SELECT send_mail()');
    await warmUp(pool, fast);
    const { rows: before } = await pools.admin('SELECT last_value AS n FROM sent');
    await pools.admin('UPDATE pace SET seconds = 0.5');
    const [mail, ...behind] = await Promise.all([
      pool.query('SELECT send_mail() AS n'),
      pool.query('SELECT send_mail()'),
      pool.query(fast),
      pool.query(fast),
    ]);
    expect(behind).toHaveLength(3);
    const { rows: after } = await pools.admin('SELECT last_value AS n FROM sent');
    expect(Number(after[0].n) - Number(before[0].n)).toBe(2);
    expect(mail.rows).toHaveLength(1);
  });
});

describe('a caller’s deadline', () => {
  test('ends its wait for an answer, and the statement on the server', async () => {
    const pool = pools.open({ max: 1 });
    await pool.prewarm();
    const error = await withDeadline(300, () => pool.query(SLEEP)).catch((e) => e);
    expect(error).toBeInstanceOf(StatementTimeoutError);
    expect(error).toMatchObject({ code: '57014', outcome: 'unknown' });
    await expect.poll(sleepers).toBe(0);
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect(pool.stats().counts.connects).toBe(1);
  });

  test('leaves the neighbours their answers', async () => {
    const pool = pools.open({ max: 1 });
    const text = 'SELECT $1::int AS n, pg_sleep($2)';
    await warmUp(pool, text, [0, 0]);
    const hurried = withDeadline(300, () => pool.query(text, [1, 30])).catch((e) => e);
    const others = [2, 3, 4].map((n) => pool.query(text, [n, 0]));
    expect(await hurried).toBeInstanceOf(StatementTimeoutError);
    const answers = await Promise.all(others);
    expect(answers.map(({ rows }) => rows[0].n)).toEqual([2, 3, 4]);
  });

  test('cancels what a holder runs; its end of the transaction still goes through', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    await client.query('CREATE TABLE undone (n int)');
    const error = await withDeadline(500, async () => {
      await client.query('BEGIN');
      await client.query('INSERT INTO undone VALUES (1)');
      const slow = await client.query(SLEEP).catch((e) => e);
      await client.query('ROLLBACK');
      return slow;
    });
    expect(error).toMatchObject({ code: '57014' });
    expect((await client.query('SELECT * FROM undone')).rows).toEqual([]);
    client.release();
    expect(await sleepers()).toBe(0);
  });
});

describe('the limit for statements', () => {
  test('is told as what it is, with the server’s own words', async () => {
    const pool = pools.open({ max: 1, statementTimeoutMillis: 50 });
    const error = await pool.query(SLEEP).catch((e) => e);
    expect(error).toBeInstanceOf(StatementTimeoutError);
    expect(error).toMatchObject({
      code: '57014',
      outcome: 'failed',
      severity: 'ERROR',
      message: 'canceling statement due to statement timeout',
    });
    expect(error.cause).toMatchObject({ code: '57014' });
  });

  test('finds a server that has gone silent, and replaces its connections', async () => {
    await using proxy = await startFaultProxy({ target: { port: pools.server.port } });
    const connectionString = proxy.url(pools.server.url());
    const pool = pools.open({
      connectionString,
      max: 3,
      statementTimeoutMillis: 200,
      connectionTimeoutMillis: 500,
    });
    await Promise.all([1, 2, 3].map(() => pool.query('SELECT pg_sleep(0.05)')));
    const holder = await pool.connect();
    proxy.blackHole();
    const lost = [
      ...Array.from({ length: 5 }, (_, n) => pool.query('SELECT $1::int', [n])),
      holder.query('SELECT 1'),
    ].map((answer) => answer.catch((e) => e));
    for (const error of await Promise.all(lost)) expect(error).toBeInstanceOf(Error);
    holder.release();
    await proxy.heal();
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    const clients = await Promise.all([pool.connect(), pool.connect()]);
    for (const client of clients) client.release();
  });
});
