import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { currentContext, withOwner } from './context.ts';
import { observeHttpRequests, routeOf } from './http-requests.ts';
import type { RequestScope } from './request-scope.ts';

describe('routeOf', () => {
  test.each([
    ['/api/products', 'GET /api/products'],
    ['/api/products/42', 'GET /api/products/:id'],
    ['/api/products/42/reviews?page=2#top', 'GET /api/products/:id/reviews'],
    ['/u/8f14e45f-ceea-467f-a0e6-b2c1f3a0d9c1', 'GET /u/:id'],
    [`/reset/${'x'.repeat(41)}`, 'GET /reset/:id'],
    ['/?token=secret', 'GET /'],
    ['', 'GET '],
  ])('%s', (url, route) => {
    expect(routeOf('GET', url)).toBe(route);
  });
});

describe('observeHttpRequests', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void) {
    const server = createServer(handler);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    closing.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    return (path: string, agent?: Agent) =>
      new Promise<string>((resolve, reject) => {
        get({ port, path, agent: agent ?? false, host: '127.0.0.1' }, (response) => {
          let body = '';
          response.on('data', (chunk) => {
            body += chunk;
          });
          response.on('end', () => resolve(body));
        }).on('error', reject);
      });
  }

  /** Answers with the route of the scope in which it ends, after several turns. */
  async function answer(scopes: Set<RequestScope>, response: ServerResponse): Promise<void> {
    const before = currentContext()?.request;
    await turn();
    await new Promise((done) => setTimeout(done, 5));
    const after = currentContext()?.request;
    if (after && after === before) scopes.add(after);
    response.end(after?.route ?? 'none');
  }

  test('each request of a keep-alive connection has its own scope, also after awaits', async () => {
    closing.push(observeHttpRequests());
    const scopes = new Set<RequestScope>();
    const request = await serve((_, response) => void answer(scopes, response));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    closing.push(() => agent.destroy());
    expect(await request('/a/1', agent)).toBe('GET /a/:id');
    expect(await request('/b', agent)).toBe('GET /b');
    expect(scopes.size).toBe(2);
  });

  test('requests at the same time do not meet', async () => {
    closing.push(observeHttpRequests());
    const scopes = new Set<RequestScope>();
    const request = await serve((_, response) => void answer(scopes, response));
    const names = [...'abcdefghij'];
    const answers = await Promise.all(names.map((name) => request(`/${name}`)));
    expect(answers).toEqual(names.map((name) => `GET /${name}`));
    expect(scopes.size).toBe(names.length);
  });

  test('an owner inside stands beside the request', async () => {
    closing.push(observeHttpRequests());
    const request = await serve((_, response) => {
      withOwner('Product.findMany', async () => {
        await turn();
        const { owner, request } = currentContext() ?? {};
        response.end(`${owner?.label} ${request?.route}`);
      });
    });
    expect(await request('/a')).toBe('Product.findMany GET /a');
  });

  test('ends when everybody who asked for it has ended it, each once', async () => {
    const first = observeHttpRequests();
    const second = observeHttpRequests();
    closing.push(second);
    const scopes = new Set<RequestScope>();
    const request = await serve((_, response) => void answer(scopes, response));
    first();
    first();
    expect(await request('/a')).toBe('GET /a');
    second();
    expect(await request('/a')).toBe('none');
  });
});
