import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closedLoop } from './closed-loop.ts';
import { type HttpTarget, httpTarget } from './http-target.ts';
import type { LoadContext } from './load-recorder.ts';

let server: Server;
let origin: string;
let connections = 0;
const requests: string[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    requests.push(`${request.method} ${request.url} ${request.headers['x-test'] ?? ''} ${body}`);
    if (request.url === '/busy') response.writeHead(503).end('busy');
    else if (request.url === '/silent') response.flushHeaders();
    else if (request.url === '/broken') {
      response.writeHead(200, { 'content-length': 1_000 }).write('half', () => response.destroy());
    } else response.end('x'.repeat(100_000));
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function once(target: HttpTarget): Promise<void> {
  try {
    await target({ user: 0, signal: new AbortController().signal });
  } finally {
    await target.close();
  }
}

test('loads over kept connections', async () => {
  connections = 0;
  const target = httpTarget({ origin, path: ({ user }) => `/user/${user}` });
  let count = 0;
  const result = await closedLoop({
    users: 3,
    durationMillis: 200,
    run: async (context) => {
      await target(context);
      count++;
    },
  });
  await target.close();
  expect(result).toMatchObject({ served: count, failed: 0, errors: {} });
  expect(count).toBeGreaterThan(0);
  expect(connections).toBeLessThanOrEqual(3);
  expect(requests).toContain('GET /user/2  ');
});

test('sends method, headers and body', async () => {
  await once(
    httpTarget({
      origin,
      path: '/order',
      method: 'POST',
      body: '{}',
      headers: { 'x-test': 'yes' },
    }),
  );
  expect(requests).toContain('POST /order yes {}');
});

test('headers may differ from request to request', async () => {
  const headers = ({ user }: LoadContext) => ({ 'x-test': `user ${user}` });
  const target = httpTarget({ origin, path: '/account', headers });
  for (const user of [7, 8]) await target({ user, signal: new AbortController().signal });
  await target.close();
  expect(requests.slice(-2)).toEqual(['GET /account user 7 ', 'GET /account user 8 ']);
});

test('failures have a kind', async () => {
  await expect(once(httpTarget({ origin, path: '/busy' }))).rejects.toMatchObject({
    kind: 'http 503',
  });
  await expect(once(httpTarget({ origin, path: '/broken' }))).rejects.toMatchObject({
    code: 'UND_ERR_SOCKET',
  });
  await expect(
    once(httpTarget({ origin, path: '/silent', timeoutMillis: 50 })),
  ).rejects.toMatchObject({ kind: 'timeout' });
  await expect(once(httpTarget({ origin: 'http://127.0.0.1:1', path: '/' }))).rejects.toMatchObject(
    {
      code: 'ECONNREFUSED',
    },
  );
});

test('a load that gives up ends its requests', async () => {
  const target = httpTarget({ origin, path: '/silent' });
  const result = await closedLoop({ users: 2, durationMillis: 50, drainMillis: 50, run: target });
  await target.close();
  expect(result.errors).toEqual({ unfinished: 2 });
});
