import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import type { PgClient } from '../pg-internals.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { cancelStatement } from './cancel.ts';
import type { ObservedClient } from './observed-client.ts';
import { observeClient } from './observed-client.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const Client = observeClient(pg.Client as never);

/** A server that does this to whoever has asked it to cancel. */
async function serverThat(does: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => socket.once('data', () => does(socket)));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `postgres://u@127.0.0.1:${(server.address() as AddressInfo).port}/db`;
}

/** Whether the request is certainly over. */
function cancel(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString }) as ObservedClient & { processID: number };
  client.processID = 1;
  Object.assign(client, { secretKey: 2 });
  const messenger = new pg.Client({ connectionString }) as unknown as PgClient;
  return new Promise((resolve) => cancelStatement(client, messenger, new FakeClock(), resolve));
}

test('a request is over once the server has closed', async () => {
  expect(await cancel(await serverThat((socket) => socket.end()))).toBe(true);
});

test('and when nobody can be asked', async () => {
  const url = await serverThat(() => {});
  await new Promise((resolve) => servers.pop()?.close(resolve));
  expect(await cancel(url)).toBe(true);
});

test('but not when its connection is lost after it was written: it may have arrived', async () => {
  expect(await cancel(await serverThat((socket) => socket.resetAndDestroy()))).toBe(false);
});
