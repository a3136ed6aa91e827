import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lifeguard } from './lifeguard.ts';
import { type Library, openLibrary } from './testing/library.ts';

let library: Library;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library?.close());

test('shows the client’s pool, and a page that looks holds no shutdown up', async () => {
  const db = lifeguard({ url: library.server.url(), signals: false });
  const { node } = db.dashboard({ loopback: true });
  const server = createServer(node).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await db.pool.query('SELECT 1');

  const figures = await (await fetch(`${address}/?snapshot`)).json();
  expect(figures).toMatchObject({ snapshot: { pools: [{ name: 'main' }] } });
  const events = await fetch(`${address}/?events`);
  // It counts as a request under way, and would hold the shutdown for as long as that may take.
  await db.shutdown({ timeout: 600_000 });
  expect(await events.text()).toContain('event: hello');
  server.close();
});
