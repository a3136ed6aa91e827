import { type PostgresServer, startFaultProxy, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Bus } from './bus.ts';
import { postgresBus } from './postgres-bus.ts';

const SOON = { timeout: 20_000 };
let server: PostgresServer;
const undo: (() => unknown)[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});
afterAll(() => server.stop('immediate'));

function open({ url = server.url(), heartbeatMillis = 5_000 } = {}): Bus {
  const connect = async () => {
    const client = new pg.Client({ connectionString: url, application_name: 'bus' });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const bus = postgresBus({ connect, heartbeatMillis });
  undo.push(() => bus.close());
  return bus;
}

async function listen(bus: Bus, channel: string): Promise<string[]> {
  const heard: string[] = [];
  await bus.subscribe(channel, {
    message: (text) => heard.push(text),
    restored: () => heard.push('(restored)'),
  }).ready;
  return heard;
}

async function admin(text: string): Promise<pg.QueryResult> {
  const client = new pg.Client(server.url());
  await client.connect();
  return client.query(text).finally(() => client.end());
}

test('tells the listeners of a channel in every process, with one connection each', async () => {
  const one = open();
  const two = open();
  const heardByOne = await listen(one, 'a:"quoted"');
  const heardByTwo = await listen(two, 'a:"quoted"');
  const heardElsewhere = await listen(two, 'b');
  await one.publish('a:"quoted"', 'hello');
  await vi.waitFor(() => expect([heardByOne, heardByTwo]).toEqual([['hello'], ['hello']]), SOON);
  expect(heardElsewhere).toEqual([]);
  const { rows } = await admin(
    "SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'bus'",
  );
  expect(rows).toEqual([{ count: 2 }]);
});

test('listens again when its connection was ended or the server restarted, and says so', async () => {
  const heard = await listen(open(), 'a');
  await admin(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bus'",
  );
  await vi.waitFor(() => expect(heard).toEqual(['(restored)']), SOON);
  await server.restart();
  await vi.waitFor(() => expect(heard).toEqual(['(restored)', '(restored)']), SOON);
  await admin("NOTIFY a, 'hello'");
  await vi.waitFor(() => expect(heard.at(-1)).toBe('hello'), SOON);
});

test('finds a connection that has gone silent', async () => {
  const proxy = await startFaultProxy({ target: { port: server.port } });
  undo.push(() => proxy.close());
  const heard = await listen(open({ url: proxy.url(server.url()), heartbeatMillis: 50 }), 'a');
  proxy.halfOpen();
  await admin("NOTIFY a, 'missed'");
  await vi.waitFor(() => expect(heard).toEqual(['(restored)']), SOON);
});

test('refuses what it cannot send at once', async () => {
  const bus = open();
  await listen(bus, 'a');
  await expect(bus.publish('a', 'x'.repeat(8_000))).rejects.toThrow(/8000 bytes.* at most 7999/);
  expect(() => bus.subscribe('x'.repeat(64), { message: () => {} })).toThrow(/at most 63 bytes/);
  await server.halt('immediate');
  undo.push(() => server.resume());
  await vi.waitFor(() => expect(bus.publish('a', 'lost')).rejects.toThrow(/no connection/), SOON);
});
