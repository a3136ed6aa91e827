import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientConfig, resolveOptions } from './index.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

async function settingsOf(params: Record<string, string>, names: string[], code = {}) {
  const resolved = resolveOptions({ connectionString: server.url(params), ...code }, {});
  const client = new pg.Client(clientConfig(resolved));
  await client.connect();
  try {
    const { rows } = await client.query(
      'SELECT current_setting(name) AS value FROM unnest($1::text[]) WITH ORDINALITY AS n(name, i) ORDER BY i',
      [names],
    );
    return rows.map(({ value }) => value);
  } finally {
    await client.end();
  }
}

test.each(['sales', 'my shop', 'a"b\\c', "O'Hare; DROP"])(
  'the server searches the schema %s and keeps the other options',
  async (schema) => {
    const params = { schema, options: '-c work_mem=7MB' };
    const quoted = `"${schema.replaceAll('"', '""')}"`;
    expect(await settingsOf(params, ['search_path', 'work_mem'])).toEqual([quoted, '7MB']);
  },
);

test('socket_timeout is a limit that the server keeps', async () => {
  expect(await settingsOf({ socket_timeout: '30' }, ['statement_timeout'])).toEqual(['30s']);
});

test('code goes before the URL for the limits of node-postgres too', async () => {
  const params = { statement_timeout: '1000', lock_timeout: '1000', application_name: 'url' };
  const code = { statement_timeout: false, lock_timeout: 2000, application_name: 'code' };
  const names = ['statement_timeout', 'lock_timeout', 'application_name'];
  expect(await settingsOf(params, names, code)).toEqual(['0', '2s', 'code']);
});
