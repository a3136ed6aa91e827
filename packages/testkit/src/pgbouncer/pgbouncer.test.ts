import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../postgres/index.ts';
import { PGBOUNCER_LIMIT_MILLIS, type PgBouncer, startPgBouncer } from './pgbouncer.ts';

let server: PostgresServer;
let bouncer: PgBouncer;

beforeAll(async () => {
  server = await startPostgres();
  bouncer = await startPgBouncer({ target: server, settings: { default_pool_size: 7 } });
}, PGBOUNCER_LIMIT_MILLIS);
afterAll(async () => {
  await bouncer?.stop();
  await server?.stop('immediate');
});

test('stands before the server', async () => {
  const client = new pg.Client({ connectionString: bouncer.url(server.url()) });
  await client.connect();
  const { rows } = await client.query('SELECT inet_server_port() AS port');
  expect(rows).toEqual([{ port: server.port }]);
  await client.end();
});

test('its console answers, with the settings that were given', async () => {
  const config = await bouncer.show('SHOW CONFIG');
  const setting = (name: string) => config.find(({ key }) => key === name)?.value;
  expect([setting('default_pool_size'), setting('pool_mode')]).toEqual(['7', 'transaction']);
});
