import pg from 'pg';
import { expect, test } from 'vitest';
import { DEBIAN_POSTGRES_LIMIT_MILLIS } from './debian-postgres.ts';
import { startPostgres } from './server.ts';

test(
  'PostgreSQL 15, of Debian',
  async () => {
    await using server = await startPostgres({ version: 15 });
    const client = new pg.Client({ connectionString: server.url() });
    await client.connect();
    const { rows } = await client.query('SHOW server_version_num');
    expect(Number(rows[0].server_version_num)).toBeGreaterThanOrEqual(150_000);
    expect(Number(rows[0].server_version_num)).toBeLessThan(160_000);
    await client.end();
  },
  DEBIAN_POSTGRES_LIMIT_MILLIS,
);
