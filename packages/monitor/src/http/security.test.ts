import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { createDashboard, type Dashboard, type DashboardOptions } from './dashboard.ts';
import { ask, askRaw, open } from './testing/ask.ts';
import { FakeSource } from './testing/fake-source.ts';

const TOKEN = 'a-token-that-is-long-enough';

let server: Server;
let dashboard: Dashboard;
let source: FakeSource;
let clock: FakeClock;
const responses: ServerResponse[] = [];
afterEach(async () => {
  dashboard.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  responses.length = 0;
});

async function serve(options: DashboardOptions = {}, weight = 0): Promise<number> {
  clock = new FakeClock();
  source = new FakeSource(weight);
  dashboard = createDashboard(source, { env: {}, clock, ...options });
  server = createServer(dashboard.node);
  server.on('request', (_, response) => responses.push(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const statusOf = (answer: string) => Number(answer.split(' ')[1]);

describe('nobody reaches in', () => {
  const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`;

  test.each([
    ['a name that was made to lead here', 'GET /?snapshot HTTP/1.1', ['Host: evil.example'], 403],
    [
      'another site',
      'GET /?snapshot HTTP/1.1',
      ['Host: localhost', 'Origin: http://evil.example'],
      403,
    ],
    ['a sandboxed frame', 'GET /?events HTTP/1.1', ['Host: localhost', 'Origin: null'], 403],
    ['no name', 'GET /?snapshot HTTP/1.0', [], 400],
    ['a proxy of nginx’s defaults', 'GET /?snapshot HTTP/1.0', ['Host: 127.0.0.1:3000'], 403],
    [
      'a proxy that names whom it speaks for',
      'GET / HTTP/1.1',
      ['Host: localhost', 'X-Real-IP: 127.0.0.1'],
      403,
    ],
    ['an address of another host', 'GET http://evil.example/ HTTP/1.1', ['Host: localhost'], 400],
    [
      'another host in a path',
      'GET //evil.example/?snapshot HTTP/1.1',
      ['Host: evil.example'],
      403,
    ],
    ['two names', 'GET /?snapshot HTTP/1.1', ['Host: localhost', 'Host: evil.example'], 400],
    ['a name with a path', 'GET /?snapshot HTTP/1.1', ['Host: localhost/x?'], 403],
    ['a name that is none', 'GET /?snapshot HTTP/1.1', ['Host: local host'], 400],
    ['a method that sends back', 'TRACE / HTTP/1.1', ['Host: localhost'], 405],
  ])('by %s', async (_, first, headers, status) => {
    const port = await serve();
    const answer = await askRaw(port, lines(first, ...headers, 'Connection: close'));
    expect(statusOf(answer)).toBe(status);
    expect(answer).not.toContain('"pools"');
  });

  test.each([
    '/../../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc/passwd',
    '/\\..\\x',
  ])('by a path: there are no files behind it: %s', async (path) => {
    const port = await serve();
    const answer = await askRaw(
      port,
      lines(`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close'),
    );
    expect(statusOf(answer)).toBe(200);
    expect(answer).toContain('<title>Lifeguard</title>');
    expect(answer).not.toContain('root:');
  });

  test.each([
    ['no token', {}],
    ['a wrong one', { authorization: 'Bearer a-token-that-is-not-it' }],
    ['one in the wrong scheme', { authorization: `Basic ${btoa(`x:${TOKEN}`)}` }],
    ['a cookie that holds it', { cookie: `lifeguard=${TOKEN}` }],
  ])('with %s', async (_, headers) => {
    const port = await serve({ token: TOKEN, loopback: false });
    for (const path of ['/?snapshot', '/?events', `/?snapshot&token=${TOKEN}`]) {
      expect((await ask(port, path, { headers })).status).toBe(401);
    }
    const act = '/?action=reset&pool=main&confirm=main';
    expect((await ask(port, act, { method: 'POST', headers })).status).toBe(401);
  });
});

describe('what is too much is not read', () => {
  test('a body, however long', async () => {
    const port = await serve();
    const answer = await askRaw(
      port,
      `POST /?sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n${'x'.repeat(100_000)}`,
    );
    expect(statusOf(answer)).toBe(413);
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  test('headers and addresses', async () => {
    const port = await serve();
    expect((await ask(port, '/', { headers: { 'x-long': 'x'.repeat(20_000) } })).status).toBe(431);
    expect((await ask(port, `/?${'x'.repeat(5_000)}`)).status).toBe(414);
  });
});

describe('pages that look', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  /** What the process holds, once all that is garbage is gone. */
  async function heap(): Promise<number> {
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    return process.memoryUsage().heapUsed;
  }

  test('500 idle ones leave nothing behind', { timeout: 60_000 }, async () => {
    const clients = 500;
    const port = await serve({ maxClients: clients });
    const round = async () => {
      const streams = await Promise.all(
        Array.from({ length: clients }, () => open(port, '/?events')),
      );
      expect(dashboard.clients).toBe(clients);
      expect((await ask(port, '/?events')).status).toBe(503);
      for (let i = 0; i < 5; i++) source.sample();
      const held = await heap();
      for (const stream of streams) stream.destroy();
      await expect.poll(() => dashboard.clients, { timeout: 20_000 }).toBe(0);
      responses.length = 0;
      return held;
    };
    // What is made once is made in the first round.
    await round();
    const before = await heap();
    let held = 0;
    for (let i = 0; i < 3; i++) held = Math.max(held, (await round()) - before);
    const left = (await heap()) - before;
    expect(left).toBeLessThan(held / 4);
  });

  test('one that does not read is kept no backlog, holds nobody up, and is dropped', async () => {
    const weight = 200_000;
    const port = await serve({}, weight);
    const slow: Socket = connect(port, '127.0.0.1');
    slow.pause();
    slow.on('error', () => {});
    slow.write('GET /?events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await expect.poll(() => dashboard.clients).toBe(1);
    const quick = await open(port, '/?events');
    const events = quick.setEncoding('utf8')[Symbol.asyncIterator]();
    let heard = '';
    const hear = async (what: string) => {
      while (!heard.includes(what)) heard += (await events.next()).value;
      heard = heard.slice(heard.indexOf(what));
    };
    const ticks = 100;
    for (let i = 1; i <= ticks; i++) {
      source.sample();
      await hear(`"number":${i},`);
    }
    // Of 20 MB it was given what fits into the buffers of its socket, and one event more.
    const [response] = responses;
    expect(response?.writableLength).toBeLessThan(3 * weight);
    expect(response?.socket?.bytesWritten).toBeLessThan(ticks * weight * 0.75);

    // The quick one has just read; the slow one has not for half a minute.
    clock.advance(31_000);
    source.sample();
    await hear(`"number":${ticks + 1},`);
    expect(dashboard.clients).toBe(1);
    await expect.poll(() => response?.destroyed).toBe(true);
    slow.destroy();
    quick.destroy();
  });
});
