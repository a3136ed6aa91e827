import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from './server.ts';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  // The server's end of a session is an event too, and one that these tests cause.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  let server: PostgresServer;
  const log: string[] = [];

  beforeAll(async () => {
    server = await startPostgres({
      database: 'my shop',
      settings: { max_connections: 17, log_statement: 'all' },
      onLog: (line) => log.push(line),
    });
  });
  afterAll(() => server.stop());

  test('is PostgreSQL 18 with the database and the settings asked for', async () => {
    const sql = `SELECT current_database() AS database, current_setting('max_connections') AS max,
      current_setting('server_version_num')::int / 10000 AS version, current_setting('fsync') AS fsync,
      current_setting('synchronous_commit') AS sync, current_setting('application_name') AS app`;
    expect(await query(server.url({ application_name: 'it' }), sql)).toEqual([
      { database: 'my shop', max: '17', version: 18, fsync: 'off', sync: 'on', app: 'it' },
    ]);
    await expect.poll(() => log.join('\n')).toContain('current_database()');
  });

  test('refuses a wrong password', async () => {
    const url = server.url().replace(server.password, 'wrong');
    await expect(query(url, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('creates further databases', async () => {
    const url = await server.createDatabase('second');
    expect(await query(url, 'SELECT current_database() AS name')).toEqual([{ name: 'second' }]);
  });

  test('halted it refuses connects, resumed it has its data on the same port', async () => {
    await query(server.url(), 'CREATE TABLE kept AS SELECT 42 AS answer');
    await server.halt();
    expect(server.pid).toBeUndefined();
    await expect(query(server.url(), 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.resume();
    expect(await query(server.url(), 'TABLE kept')).toEqual([{ answer: 42 }]);
  });

  test('resumes when a port that was taken in between is free again', async () => {
    await server.halt();
    const thief = createServer().listen(server.port, server.host);
    await once(thief, 'listening');
    log.length = 0;
    const resumed = server.resume();
    await expect.poll(() => log.join('\n')).toContain('Address already in use');
    thief.close();
    await resumed;
    expect(await query(server.url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('recovers after an immediate restart', async () => {
    await query(server.url(), 'CREATE TABLE recovered AS SELECT 43 AS answer');
    const before = server.pid;
    await server.restart('immediate');
    expect(server.pid).not.toBe(before);
    expect(await query(server.url(), 'TABLE recovered')).toEqual([{ answer: 43 }]);
  });
});

test('several servers run at once; stop() removes the data', async () => {
  const servers = await Promise.all([startPostgres(), startPostgres()]);
  const [first, second] = servers;
  expect(first.port).not.toBe(second.port);
  await first.stop();
  expect(existsSync(first.dataDir)).toBe(false);
  expect(await query(second.url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await Promise.all([second.stop('immediate'), second.stop(), first.stop()]);
  expect(existsSync(second.dataDir)).toBe(false);
});

test('a setting that the server refuses is an error with the end of its log', async () => {
  await expect(startPostgres({ settings: { max_connections: 'many' } })).rejects.toThrow(
    /did not start.*\n.*max_connections.*many/,
  );
});
