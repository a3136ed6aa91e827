import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serverFile } from '@lifeguard/storefront';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openShop, type TestShop } from './testing/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.close());

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe.each(['stock', 'lifeguard'])('POOL=%s', (POOL) => {
  test.each(POOL === 'stock' ? ['0'] : ['0', '1'])(
    'serves with REPAIRED=%s, and exits with 0 on SIGTERM',
    async (REPAIRED) => {
      const server = await start({ DATABASE_URL: shop.url, POOL, REPAIRED });
      const home = await fetch(`${server.address}/api/home`);
      expect(await home.json()).toMatchObject({ categories: expect.any(Array) });
      expect(server.output()).toMatch(`Storefront at ${server.address} (pool: ${POOL}, routes `);

      server.child.kill('SIGTERM');
      expect(await server.exit).toBe(0);
    },
  );

  test('finishes the requests under way when its parent is gone', async () => {
    const server = await start({ DATABASE_URL: shop.url, POOL });
    const answer = fetch(`${server.address}/api/checkout`, {
      method: 'POST',
      body: JSON.stringify({ userId: 1, items: [{ productId: 7, quantity: 1 }] }),
    });
    await vi.waitFor(async () => expect(await openTransactions()).toBe(1), { timeout: 5_000 });
    server.child.disconnect();

    const response = await answer;
    expect(response.status).toBe(201);
    await response.text();
    expect(await server.exit).toBe(0);
  });
});

test('answers its parent with the statistics of the pool', async () => {
  const server = await start({ DATABASE_URL: shop.url, POOL: 'lifeguard' });
  const reply = once(server.child, 'message');
  server.child.send({ type: 'stats' });
  expect(await reply).toMatchObject([{ type: 'stats', stats: expect.any(Object) }, undefined]);
});

describe('a server that cannot start says why in one line and exits with 1', () => {
  test('no DATABASE_URL', async () => {
    const { code, errors } = await fail({ DATABASE_URL: '' });
    expect(code).toBe(1);
    expect(errors).toMatch(/^DATABASE_URL is not set: .*\n$/);
  });

  test('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, errors } = await fail({
      DATABASE_URL: shop.url,
      POOL: 'stock',
      PORT: String(port),
    });
    other.close();
    expect(code).toBe(1);
    expect(errors).toBe(`PORT ${port} is in use: set PORT to another, or to 0 for a free one.\n`);
  });
});

async function openTransactions(): Promise<number | null> {
  const { rowCount } = await shop.sql.query(
    `SELECT FROM pg_stat_activity WHERE state = 'idle in transaction'`,
  );
  return rowCount;
}

function spawn(env: Record<string, string>) {
  const child = fork(serverFile, { env: { ...process.env, PORT: '0', ...env }, silent: true });
  children.push(child);
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const exit = once(child, 'exit').then(([code]) => code);
  return { child, exit, output: () => output, errors: () => errors };
}

async function start(env: Record<string, string>) {
  const server = spawn(env);
  const ready = once(server.child, 'message').then(([message]) => message.port);
  const port = await Promise.race([ready, server.exit.then(() => undefined)]);
  if (port === undefined) throw new Error(`The server did not start: ${server.errors()}`);
  await vi.waitFor(() => expect(server.output()).not.toBe(''));
  return { ...server, address: `http://127.0.0.1:${port}` };
}

async function fail(env: Record<string, string>) {
  const server = spawn(env);
  // Later than 'exit': what the program wrote has been read as well.
  const [code] = await once(server.child, 'close');
  return { code, errors: server.errors() };
}
