import {
  REDIS_LIMIT_MILLIS,
  type RedisServer,
  startFaultProxy,
  startRedis,
} from '@lifeguard/testkit';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Bus } from './bus.ts';
import { redisBus } from './redis-bus.ts';

const SOON = { timeout: 20_000 };
let server: RedisServer;
const undo: (() => unknown)[] = [];

beforeAll(async () => {
  server = await startRedis();
}, REDIS_LIMIT_MILLIS);
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});
afterAll(() => server.stop());

function open(options?: { heartbeatMillis?: number }, settings: object = {}): Bus {
  const client = new Redis({ port: server.port, retryStrategy: () => 50, ...settings });
  client.on('error', () => {});
  const bus = redisBus(client, options);
  undo.push(
    () => client.disconnect(),
    () => bus.close(),
  );
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

test('tells the listeners of a channel in every process, itself included', async () => {
  const one = open();
  const heardByOne = await listen(one, 'a');
  const heardByTwo = await listen(open(), 'a');
  const heardElsewhere = await listen(open(), 'b');
  await one.publish('a', 'hello');
  await vi.waitFor(() => expect([heardByOne, heardByTwo]).toEqual([['hello'], ['hello']]), SOON);
  expect(heardElsewhere).toEqual([]);
});

test('listens with a client that connects lazily', async () => {
  const heard = await listen(open({}, { lazyConnect: true }), 'a');
  await open().publish('a', 'hello');
  await vi.waitFor(() => expect(heard).toEqual(['hello']), SOON);
});

test('listens again after a loss, and says so', async () => {
  const heard = await listen(open(), 'a');
  await server.halt();
  await server.resume();
  await vi.waitFor(() => expect(heard).toEqual(['(restored)']), SOON);
  await open().publish('a', 'hello');
  await vi.waitFor(() => expect(heard).toEqual(['(restored)', 'hello']), SOON);
});

test('may be closed while it subscribes again', async () => {
  const proxy = await startFaultProxy({ target: { port: server.port } });
  undo.push(() => proxy.close());
  // Subscribes as soon as it is connected, without asking anything first.
  const atOnce = { enableReadyCheck: false, disableClientInfo: true, retryStrategy: () => 1 };
  const client = new Redis({ port: proxy.port, ...atOnce });
  client.on('error', () => {});
  const duplicate = vi.spyOn(client, 'duplicate');
  const bus = redisBus(client);
  undo.push(() => client.disconnect());
  await listen(bus, 'a');
  const subscriber = duplicate.mock.results[0]?.value as Redis;
  proxy.blackHole();
  const isBack = new Promise<void>((resolve) => subscriber.once('ready', () => resolve()));
  proxy.reset();
  await isBack;
  // A rejection that nobody handles would end the process here.
  await bus.close();
  proxy.reset();
  await vi.waitFor(() => expect(subscriber.status).toBe('end'), SOON);
});

test('finds a connection that has gone silent', async () => {
  const proxy = await startFaultProxy({ target: { port: server.port } });
  undo.push(() => proxy.close());
  const heard = await listen(open({ heartbeatMillis: 50 }, { port: proxy.port }), 'a');
  proxy.halfOpen();
  await open().publish('a', 'missed');
  await vi.waitFor(() => expect(heard).toEqual(['(restored)']), SOON);
});

test('does not take a message while the server is gone, and does not wait for it for long', async () => {
  const bus = open({}, { maxRetriesPerRequest: null });
  await server.halt();
  undo.push(() => server.resume());
  await expect(bus.publish('a', 'lost')).rejects.toThrow('Redis gave no answer within 2000 ms');
});
