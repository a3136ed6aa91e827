import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Pool } from '@lifeguard/pool';
import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toNodeHandler } from '../http/node.ts';
import { ask } from '../http/testing/ask.ts';
import { createMonitor, type Monitor } from '../monitor/monitor.ts';
import { createHealth, type HealthHandlers } from './handlers.ts';

const PATH = '/api/health/database';

let server: PostgresServer;
let pool: Pool;
let monitor: Monitor;
let health: HealthHandlers;
let stop: (() => unknown) | undefined;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop('immediate'));
beforeEach(() => open(3));
afterEach(async () => {
  await stop?.();
  monitor.stop();
  await pool.end();
});

function open(max: number): void {
  pool = new Pool({ connectionString: server.url(), max });
  monitor = createMonitor({ pools: { main: pool } }).start();
  health = createHealth(monitor, { env: {}, freshMillis: 0 });
}

async function listening(http: Server): Promise<number> {
  if (!http.listening) await new Promise((resolve) => http.once('listening', resolve));
  stop = () => new Promise((resolve) => http.close(resolve));
  return (http.address() as AddressInfo).port;
}

/** Each as its users would write it; returns the port. */
const frameworks: Record<string, () => Promise<number>> = {
  'Node’s HTTP server': () =>
    listening(createServer(toNodeHandler(health.readiness)).listen(0, '127.0.0.1')),

  Hono: () => {
    const app = new Hono();
    app.get(PATH, (c) => health.readiness(c.req.raw, c.env));
    return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server);
  },

  Express: () => {
    const app = express();
    app.get(PATH, toNodeHandler(health.readiness));
    return listening(app.listen(0, '127.0.0.1'));
  },

  Fastify: async () => {
    const app = fastify();
    const readiness = toNodeHandler(health.readiness);
    app.get(PATH, (request, reply) => {
      reply.hijack();
      readiness(request.raw, reply.raw);
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const port = await listening(app.server);
    stop = () => app.close();
    return port;
  },

  'a route of Next': async () => {
    // app/api/health/database/route.ts: export const GET = health.readiness;
    const route: { GET(request: Request, context: unknown): Promise<Response> } = {
      GET: health.readiness,
    };
    const next = toNodeHandler((request) => route.GET(request, { params: Promise.resolve({}) }));
    return listening(createServer(next).listen(0, '127.0.0.1'));
  },
};

describe.each(Object.entries(frameworks))('%s', (name, start) => {
  test('answers while every connection that may be lent is', async () => {
    await pool.prewarm(3);
    const port = await start();
    await expect.poll(async () => (await ask(port, PATH)).status).toBe(200);
    const held = await Promise.all([pool.connect(), pool.connect()]);
    const waiting = pool.connect();
    const { status, headers, body } = await ask(port, PATH);
    // Besides the one that waits, the sign of life may still be under way: it is not waited for.
    expect(pool.stats().pending).toBeGreaterThan(0);
    expect(pool.stats().connections.checkedOut).toBe(2);
    expect([status, headers['content-type']]).toEqual([
      200,
      'application/health+json; charset=utf-8',
    ]);
    const { status: health, checks } = JSON.parse(body);
    expect(health).toBe('warn');
    // Next does not tell who asks.
    if (!name.includes('Next')) {
      expect(checks['database:responseTime'][0].status).toBe('pass');
      expect(checks['pool:utilization'][0]).toMatchObject({ status: 'warn' });
    }
    for (const client of held) client.release();
    (await waiting).release();
  });
});

test('with no lane to ask on, the last sign of life is told while callers hold everything', async () => {
  await pool.end();
  monitor.stop();
  open(2);
  await pool.query('SELECT 1');
  const port = await listening(
    createServer(toNodeHandler(health.readiness)).listen(0, '127.0.0.1'),
  );
  await expect.poll(async () => (await ask(port, PATH)).status).toBe(200);
  const held = await Promise.all([pool.connect(), pool.connect()]);
  const { status, body } = await ask(port, PATH);
  expect(status).toBe(200);
  expect(JSON.parse(body).checks['database:responseTime'][0]).toMatchObject({
    status: 'pass',
    output: expect.stringContaining('asked again'),
  });
  for (const client of held) client.release();
});
