import { Pool } from '@lifeguard/pool';
import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { actOn } from './act.ts';

let server: PostgresServer;
let pool: Pool;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop('immediate'));
beforeEach(() => {
  pool = new Pool({ connectionString: server.url(), max: 2 });
  pool.on('error', () => {});
});
afterEach(() => pool.end());

const act = (action: Parameters<ReturnType<typeof actOn>>[0]) =>
  actOn(() => ({ main: pool, plain: {} }))(action);
const pid = async () => (await pool.query('SELECT pg_backend_pid() AS pid')).rows[0].pid as number;

test('a reset replaces the connections', async () => {
  const before = await pid();
  expect(await act({ name: 'reset', pool: 'main' })).toContain('as soon as it has nothing to do');
  await expect.poll(pid).not.toBe(before);
});

test('a session is ended, with what it was about', async () => {
  const client = await pool.connect();
  client.on('error', () => {});
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  const sleep = client.query('SELECT pg_sleep(60)');
  const ended = expect(sleep).rejects.toMatchObject({ code: '57P01' });
  expect(await act({ name: 'terminate', pool: 'main', pid: rows[0].pid })).toContain('is ended');
  await ended;
  client.release(true);
});

test('nothing but a session of the pool’s own database is ended', async () => {
  const { rows } = await pool.query(
    "SELECT pid FROM pg_stat_activity WHERE backend_type <> 'client backend' LIMIT 1",
  );
  const gone = act({ name: 'terminate', pool: 'main', pid: rows[0].pid });
  await expect(gone).rejects.toThrow('has no session');
  await expect(act({ name: 'terminate', pool: 'other', pid: 1 })).rejects.toThrow(
    'no pool "other"',
  );
  await expect(act({ name: 'reset', pool: 'plain' })).rejects.toThrow("can't be reset");
  await expect(act({ name: 'terminate', pool: 'plain', pid: 1 })).rejects.toThrow("can't be asked");
});
