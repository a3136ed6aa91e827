import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

let server: PostgresServer;
let proxy: FaultProxy;
let direct: pg.Client;
let clients: pg.Client[] = [];

beforeAll(async () => {
  server = await startPostgres();
  direct = new pg.Client({ connectionString: server.url() });
  await direct.connect();
});
afterAll(async () => {
  await direct.end();
  await server.stop();
});
beforeEach(async () => {
  proxy = await startFaultProxy({ target: server });
});
afterEach(async () => {
  proxy.close();
  await Promise.all(clients.map((client) => client.end()));
  clients = [];
  // Sessions are counted by the next test.
  await expect.poll(sessionsOnServer).toBe(0);
});

async function connect(connectionTimeoutMillis = 0): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: proxy.url(server.url({ application_name: 'proxied' })),
    connectionTimeoutMillis,
  });
  // Broken connections are what these tests are about.
  client.on('error', () => {});
  clients.push(client);
  await client.connect();
  return client;
}

async function one(client: pg.Client): Promise<unknown> {
  return (await client.query('SELECT 1 AS one')).rows[0]?.one;
}

/** Bytes enough to be under way in many pieces. */
async function megabytes(client: pg.Client, count: number): Promise<number> {
  const { rows } = await client.query(`SELECT repeat('x', ${count} * 1024 * 1024) AS text`);
  return rows[0].text.length;
}

async function sessionsOnServer(): Promise<number> {
  const sql = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'proxied'`;
  return (await direct.query(sql)).rows[0].n;
}

/** Whether a promise has settled once the server has been asked something and answered, twice. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  await direct.query('SELECT pg_sleep(0.1)');
  return settled;
}

test('forwards everything, and both ends hear of the end', async () => {
  const client = await connect();
  expect(await megabytes(client, 20)).toBe(20 * 1024 * 1024);
  expect(proxy.connections).toHaveLength(1);
  expect(await sessionsOnServer()).toBe(1);
  await client.end();
  await expect.poll(() => proxy.connections).toHaveLength(0);
  await expect.poll(sessionsOnServer).toBe(0);
});

test('delays each direction, keeps order, and heals', async () => {
  const client = await connect();
  proxy.delay({ toServer: 40, toClient: 60 });
  const start = performance.now();
  await one(client);
  // A lower bound only: the proxy may be later than asked, never earlier.
  expect(performance.now() - start).toBeGreaterThanOrEqual(99);
  expect(await megabytes(client, 8)).toBe(8 * 1024 * 1024);
  await proxy.heal();
  expect(await one(client)).toBe(1);
});

test('throttles', async () => {
  const client = await connect();
  proxy.throttle(10_000);
  const start = performance.now();
  const { rows } = await client.query(`SELECT repeat('x', 3000) AS text`);
  expect(rows[0].text).toHaveLength(3_000);
  expect(performance.now() - start).toBeGreaterThanOrEqual(299);
});

test('resets present connections, not later ones', async () => {
  const client = await connect();
  const waiting = client.query('SELECT pg_sleep(30)');
  proxy.reset();
  await expect(waiting).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await one(await connect())).toBe(1);
});

test('resets one connection of several', async () => {
  const first = await connect();
  const second = await connect();
  proxy.connections[0]?.reset();
  await expect(one(first)).rejects.toThrow();
  expect(await one(second)).toBe(1);
});

test('half open, the client hears nothing, not even of the end; later connections work', async () => {
  const client = await connect();
  proxy.halfOpen();
  const answer = one(client);
  expect(await isSettled(answer)).toBe(false);
  expect(await one(await connect())).toBe(1);
  await direct.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'proxied'
     ORDER BY backend_start LIMIT 1`,
  );
  expect(await isSettled(answer)).toBe(false);
  await proxy.heal();
  await expect(answer).rejects.toMatchObject({ code: '57P01' });
});

test('half open, the server hears nothing of the client that has gone, until healed', async () => {
  const client = await connect();
  proxy.halfOpen();
  await Promise.all([expect(one(client)).rejects.toThrow(), client.end()]);
  await direct.query('SELECT pg_sleep(0.1)');
  expect(await sessionsOnServer()).toBe(1);
  await proxy.heal();
  await expect.poll(sessionsOnServer).toBe(0);
});

test('half open, what was held goes on after healing', async () => {
  const client = await connect();
  proxy.halfOpen();
  const answer = one(client);
  expect(await isSettled(answer)).toBe(false);
  await proxy.heal();
  expect(await answer).toBe(1);
});

test('a black hole swallows bytes of present and later connections', async () => {
  const client = await connect();
  proxy.blackHole();
  const answer = one(client);
  expect(await isSettled(answer)).toBe(false);
  await expect(connect(100)).rejects.toThrow(/timeout/);
  expect(await sessionsOnServer()).toBe(1);

  await proxy.heal();
  await expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await one(await connect())).toBe(1);
});

test('refuses new connections, keeps present ones, and accepts again', async () => {
  const client = await connect();
  proxy.refuse();
  await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await one(client)).toBe(1);
  await proxy.accept();
  expect(await one(await connect())).toBe(1);
});

test('truncates an answer, and then the connection is over on both sides', async () => {
  const client = await connect();
  proxy.connections[0]?.truncate(100_000);
  await expect(megabytes(client, 1)).rejects.toThrow(/terminated unexpectedly/);
  await expect.poll(() => proxy.connections).toHaveLength(0);
  await expect.poll(sessionsOnServer).toBe(0);
  expect(await one(await connect())).toBe(1);
});

test('a truncation of all cuts later connections too, until healed', async () => {
  proxy.truncate(10);
  await expect(connect()).rejects.toThrow(/terminated unexpectedly/);
  await proxy.heal();
  expect(await one(await connect())).toBe(1);
});

test('a target that refuses is a reset', async () => {
  const closed = await startFaultProxy({ target: { port: 1 } });
  const client = new pg.Client({ connectionString: closed.url(server.url()) });
  client.on('error', () => {});
  await expect(client.connect()).rejects.toThrow(/ECONNRESET|terminated unexpectedly/);
  closed.close();
});

test('numbers that make no fault are refused at once', () => {
  expect(() => proxy.throttle(0)).toThrow(/bytes\/s above 0, not 0; .*halfOpen/);
  expect(() => proxy.delay({ toClient: -1 })).toThrow(/from 0 on, not -1/);
});
