import pg from 'pg';
import { expect, test } from 'vitest';
import { DEBIAN_POSTGRES_LIMIT_MILLIS } from './debian-postgres.ts';
import { startPostgres } from './server.ts';

async function ask(connectionString: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return Object.values((await client.query(text)).rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

test(
  'a standby streams what its primary writes, and goes without it',
  async () => {
    await using primary = await startPostgres({ version: 15, database: 'shop' });
    await ask(primary.url(), 'CREATE TABLE t AS SELECT 1 AS n');
    await using standby = await primary.startStandby({ name: 'replica-1' });
    expect(await ask(standby.url(), 'SELECT pg_is_in_recovery()')).toBe(true);
    const streaming = () => ask(primary.url(), 'SELECT application_name FROM pg_stat_replication');
    await expect.poll(streaming, { timeout: 10_000 }).toBe('replica-1');
    await ask(primary.url(), 'INSERT INTO t VALUES (2)');
    await expect
      .poll(() => ask(standby.url(), 'SELECT max(n) FROM t'), { timeout: 10_000 })
      .toBe(2);
    await expect(ask(standby.url(), 'DELETE FROM t')).rejects.toMatchObject({ code: '25006' });
  },
  DEBIAN_POSTGRES_LIMIT_MILLIS,
);
