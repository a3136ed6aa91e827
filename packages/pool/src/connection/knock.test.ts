import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import type { PgClient } from '../pg-internals.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { useTestPools } from '../testing/test-pools.ts';
import { knock } from './knock.ts';

const pools = useTestPools();
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server = createServer()): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `postgres://u@127.0.0.1:${(server.address() as AddressInfo).port}/db`;
}

/** Undefined as long as nothing is known. */
function ask(connectionString: string, clock = new FakeClock()): Promise<boolean> {
  const messenger = new pg.Client({ connectionString }) as unknown as PgClient;
  return new Promise((resolve) => knock(messenger, clock, resolve));
}

test('a server answers', async () => {
  expect(await ask(pools.server.url())).toBe(true);
});

test('one that refuses, or goes at once, is there', async () => {
  const url = await listen();
  await new Promise((resolve) => servers.pop()?.close(resolve));
  expect(await ask(url)).toBe(true);
  expect(await ask(await listen(createServer((socket) => socket.destroy())))).toBe(true);
});

test('one that takes the connection and says nothing is not', async () => {
  const clock = new FakeClock();
  const server = createServer();
  const answer = ask(await listen(server), clock);
  const [socket] = await once(server, 'connection');
  const [request] = await once(socket, 'data');
  expect([...request]).toEqual([0, 0, 0, 8, 4, 210, 22, 47]);
  clock.advance(5_000);
  expect(await answer).toBe(false);
  await once(socket, 'close');
});

test('a server behind a Unix socket is not asked', async () => {
  expect(await ask('postgres://u@%2Fnowhere/db')).toBe(true);
});
