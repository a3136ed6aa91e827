import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDashboard, type Dashboard } from './dashboard.ts';
import { ask, open } from './testing/ask.ts';
import { FakeSource } from './testing/fake-source.ts';

const TOKEN = 'a-token-that-is-long-enough';
const bearer = { authorization: `Bearer ${TOKEN}` };

let dashboard: Dashboard;
let source: FakeSource;
let stop: (() => unknown) | undefined;
beforeEach(() => {
  source = new FakeSource();
  dashboard = createDashboard(source, {
    token: TOKEN,
    env: {},
    actions: ['reset'],
  });
});
afterEach(async () => {
  dashboard.close();
  await stop?.();
});

async function listening(server: Server): Promise<number> {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  stop = () => new Promise((resolve) => server.close(resolve));
  return (server.address() as AddressInfo).port;
}

/** Each as its users would write it; returns the port. */
const frameworks: Record<string, () => Promise<number>> = {
  'Node’s HTTP server': () => listening(createServer(dashboard.node).listen(0, '127.0.0.1')),

  Hono: () => {
    const app = new Hono();
    app.mount('/lifeguard', dashboard.fetch);
    return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server);
  },

  'Hono, behind its compression': () => {
    const app = new Hono();
    app.use(compress());
    app.all('/lifeguard', (c) => dashboard.fetch(c.req.raw, c.env));
    return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server);
  },

  Express: () => {
    const app = express();
    app.use(express.json(), express.urlencoded({ extended: false }));
    app.use('/lifeguard', dashboard.node);
    return listening(app.listen(0, '127.0.0.1'));
  },

  Fastify: async () => {
    const app = fastify();
    app.all('/lifeguard', (request, reply) => {
      reply.hijack();
      dashboard.node(request.raw, reply.raw);
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const port = await listening(app.server);
    stop = () => app.close();
    return port;
  },
};

describe.each(Object.entries(frameworks))('%s', (_, start) => {
  test('serves the page, the events, the sign-in and the actions', async () => {
    const port = await start();
    const page = await ask(port, '/lifeguard');
    expect(page.status).toBe(200);
    expect(page.body).toMatch(/^<!doctype html>/);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'/);

    const stream = await open(port, '/lifeguard?events');
    const events = stream.setEncoding('utf8')[Symbol.asyncIterator]();
    let heard = '';
    const hear = async (what: string) => {
      while (!heard.includes(what)) heard += (await events.next()).value;
    };
    await hear('"number":0');
    source.sample();
    await hear('"number":1');
    expect(dashboard.clients).toBe(1);
    stream.destroy();
    await expect.poll(() => dashboard.clients).toBe(0);

    const signedIn = await ask(port, '/lifeguard?sign-in', { method: 'POST', headers: bearer });
    expect(signedIn.status).toBe(204);
    const cookie = signedIn.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const headers = { cookie, 'x-forwarded-for': '203.0.113.7' };
    expect((await ask(port, '/lifeguard?snapshot', { headers })).status).toBe(200);

    const reset = '/lifeguard?action=reset&pool=main&confirm=main';
    const acted = await ask(port, reset, { method: 'POST', headers: bearer });
    expect(acted.status).toBe(200);
    expect(source.acts).toEqual(['reset']);
  });

  test('lets nobody in whom a proxy speaks for', async () => {
    const port = await start();
    const headers = { 'x-forwarded-for': '127.0.0.1' };
    expect((await ask(port, '/lifeguard', { headers })).status).toBe(401);
    expect((await ask(port, '/lifeguard?snapshot', { headers })).status).toBe(401);
  });
});

test('a route of Next: the same function, which does not learn who asks', async () => {
  const { fetch } = dashboard;
  const route: { GET: (request: Request, context: unknown) => Promise<Response> } = { GET: fetch };
  const context = { params: Promise.resolve({}) };
  const at = (headers = {}) => new Request('http://localhost:3000/api/lifeguard', { headers });
  expect((await route.GET(at(), context)).status).toBe(401);
  expect((await route.GET(at(bearer), context)).status).toBe(200);
});
