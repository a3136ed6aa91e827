import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import Cursor from 'pg-cursor';
import QueryStream from 'pg-query-stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { useTestPools } from './testing/test-pools.ts';

/** What a caller hands over as an object with `submit`: pg's own Query, cursors, streams. */
const pools = useTestPools();

beforeAll(async () => {
  await pools.admin('CREATE ROLE visitor');
});

describe('what a submittable leaves in its session', () => {
  const STATE = "SELECT current_user AS role, current_setting('search_path') AS path";
  const CLEAN = { role: 'postgres', path: '"$user", public' };

  test.each<[string, (client: pg.PoolClient) => Promise<unknown>]>([
    [
      'pg’s own Query',
      (client) => {
        const query = client.query(new pg.Query('SET ROLE visitor')) as unknown as pg.Submittable &
          NodeJS.EventEmitter;
        return new Promise((resolve, reject) => query.on('end', resolve).on('error', reject));
      },
    ],
    [
      'a cursor',
      (client) => client.query(new Cursor("SELECT set_config('search_path', 'x', false)")).read(2),
    ],
    [
      'a stream of rows',
      (client) =>
        client.query(new QueryStream("SELECT set_config('search_path', 'x', false)")).toArray(),
    ],
  ])('%s is gone with its holder', async (_name, leave) => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    await leave(client);
    expect((await client.query(STATE)).rows[0]).not.toEqual(CLEAN);
    client.release();
    expect((await pool.query(STATE)).rows[0]).toEqual(CLEAN);
  });

  test('pool.query of one is no exception', async () => {
    const pool = pools.open({ max: 1 });
    await pool.query(new pg.Query('SET ROLE visitor') as unknown as string);
    expect((await pool.query(STATE)).rows[0]).toEqual(CLEAN);
  });

  test('of one that only reads or copies nothing is discarded', async () => {
    await pools.admin('CREATE TABLE copied (n int)');
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    await client.query({ name: 'mine', text: 'SELECT 1' });
    await client.query(new Cursor('SELECT 1')).read(2);
    await pipeline(new PassThrough().end('1\n'), client.query(copyFrom('COPY copied FROM STDIN')));
    client.release();
    const { rows } = await pool.query('SELECT name FROM pg_prepared_statements');
    expect(rows).toEqual([{ name: 'mine' }]);
  });
});

test('a cursor that is read slowly is no silent server, whatever the limit for statements', async () => {
  const pool = pools.open({ max: 1, statementTimeoutMillis: 150 });
  const client = await pool.connect();
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  const cursor = client.query(new Cursor('SELECT generate_series(1, 1000) AS n'));
  expect(await cursor.read(2)).toHaveLength(2);
  // Until the pool has looked at it long after its limit.
  await expect
    .poll(() => pool.stats().holders[0]?.heldMillis, { interval: 50 })
    .toBeGreaterThan(600);
  await cursor.close();
  const after = await client.query('SELECT pg_backend_pid() AS pid');
  expect(after.rows).toEqual(rows);
  client.release();
});

test('a statement that is fetched row by row and fails holds nothing up', async () => {
  const pool = pools.open({ max: 1, connectionTimeoutMillis: 5_000 });
  const text = 'SELECT 10 / (n - 2) AS n FROM generate_series(1, 3) AS n';
  await expect(pool.query({ text, rows: 1 } as pg.QueryConfig)).rejects.toThrow('division by zero');
  expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
});

describe('a cursor that is still open when its client is released', () => {
  test('is not waited for when nobody reads it', async () => {
    const pool = pools.open({ max: 1, connectionTimeoutMillis: 5_000 });
    const client = await pool.connect();
    await client.query(new Cursor('SELECT generate_series(1, 9)')).read(2);
    client.release();
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect(pool.stats().counts.connects).toBe(2);
  });

  test('may be read to its end', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    const cursor = client.query(
      new Cursor('SELECT n, pg_sleep(0.3) FROM generate_series(1, 6) AS n'),
    );
    client.release();
    let rows = 0;
    for (let read = 1; read > 0; rows += read) read = (await cursor.read(1)).length;
    expect(rows).toBe(6);
    await pool.query('SELECT 1');
    expect(pool.stats().counts.connects).toBe(1);
  });
});
