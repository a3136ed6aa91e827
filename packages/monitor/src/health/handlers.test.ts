import type { PoolStats } from '@lifeguard/pool';
import { beforeEach, describe, expect, test } from 'vitest';
import { createMonitor, type Monitor } from '../monitor/monitor.ts';
import { madeUpStats } from '../testing/pool-stats.ts';
import { createHealth, type HealthHandler, type HealthHandlers } from './handlers.ts';

const TOKEN = 'a-token-that-is-long-enough';
const bearer = { authorization: `Bearer ${TOKEN}` };
const local = { remoteAddress: '127.0.0.1', httpVersion: '1.1' };

let stats: PoolStats;
let reads: number;
let answer: () => unknown;
let monitor: Monitor;
let health: HealthHandlers;

beforeEach(() => {
  stats = madeUpStats();
  reads = 0;
  answer = () => Promise.resolve();
  const pool = {
    stats: () => {
      reads++;
      return stats;
    },
    query: () => answer(),
  };
  monitor = createMonitor({ pools: { main: pool } });
  health = createHealth(monitor, {
    token: TOKEN,
    env: {},
    freshMillis: 0,
    releaseId: '1.2.3',
    serviceId: 'shop',
  });
});

async function ask(handler: HealthHandler, init: RequestInit = {}, context?: unknown) {
  const response = await handler(
    new Request('http://localhost/api/health/database', init),
    context,
  );
  const body = await response.text();
  return { response, status: response.status, body: body === '' ? undefined : JSON.parse(body) };
}

test('liveness never touches the pool', async () => {
  reads = 0;
  answer = () => {
    throw new Error('asked');
  };
  const { status, body } = await ask(health.liveness, { headers: bearer });
  expect([status, body.status, reads]).toEqual([200, 'pass', 0]);
});

describe('readiness', () => {
  test('is application/health+json, never cached, and says no more than it must', async () => {
    const { response, status, body } = await ask(health.readiness);
    expect(status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/health+json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({ status: 'pass' });
  });

  test.each([
    ['the token', { headers: bearer }, undefined],
    ['whoever sits at this machine', {}, local],
  ])('tells the details to %s', async (_, init, context) => {
    expect((await ask(health.readiness, init, context)).body).toEqual({
      status: 'pass',
      serviceId: 'shop',
      releaseId: '1.2.3',
      checks: {
        'database:responseTime': [
          {
            componentType: 'datastore',
            status: 'pass',
            observedValue: expect.any(Number),
            observedUnit: 'ms',
            time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
          },
        ],
        'pool:utilization': [
          expect.objectContaining({ observedValue: 0, observedUnit: 'percent' }),
        ],
        'pool:pending': [expect.objectContaining({ observedValue: 0 })],
        'pool:wait': [expect.objectContaining({ observedValue: 0, observedUnit: 'ms' })],
      },
    });
  });

  test.each([
    ['a proxy speaks for somebody', { headers: { 'x-forwarded-for': '127.0.0.1' } }, local],
    ['another site asks', { headers: { ...bearer, origin: 'https://evil.example' } }, local],
    ['the token is wrong', { headers: { authorization: `Bearer ${TOKEN}x` } }, undefined],
  ])('keeps them to itself when %s', async (_, init, context) => {
    expect((await ask(health.readiness, init, context)).body).toEqual({ status: 'pass' });
  });

  test('503 when the database does not answer', async () => {
    answer = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const { status, body } = await ask(health.readiness, { headers: bearer });
    expect([status, body.status]).toEqual([503, 'fail']);
    expect(body.checks['database:responseTime'][0]).toMatchObject({
      status: 'fail',
      output: 'connect ECONNREFUSED',
    });
  });

  test('a late answer: the last one is told, and how old it is', async () => {
    await ask(health.readiness);
    answer = () => new Promise(() => {});
    const { status, body } = await ask(health.readiness, { headers: bearer });
    expect([status, body.status]).toEqual([200, 'pass']);
    expect(body.checks['database:responseTime'][0].output).toMatch(
      /^as of \d+\.\d s ago; asked again \d+ ms ago$/,
    );
  });

  test('no answer has come yet: nobody is sent here', async () => {
    answer = () => new Promise(() => {});
    expect((await ask(health.readiness)).status).toBe(503);
  });

  test('a process that is going says so, and the database need not be well', async () => {
    monitor.drain();
    const { status, body } = await ask(health.readiness, { headers: bearer });
    expect(status).toBe(503);
    expect(body.checks.process[0]).toMatchObject({ status: 'fail', observedValue: 'draining' });
    expect((await ask(health.liveness)).status).toBe(200);
    expect(monitor.health().status).toBe('fail');
  });

  test('the application’s own check may fail without failing the probe', async () => {
    const own = createHealth(monitor, {
      env: {},
      authorize: () => Promise.reject(new Error('no session store')),
    });
    expect((await ask(own.readiness)).body).toEqual({ status: 'pass' });
  });
});

test('start-up: 503 until the database has answered once, then 200 for ever', async () => {
  answer = () => Promise.reject(new Error('the database system is starting up'));
  expect((await ask(health.startup)).status).toBe(503);
  answer = () => Promise.resolve();
  expect((await ask(health.startup)).status).toBe(200);
  answer = () => Promise.reject(new Error('gone'));
  expect((await ask(health.startup)).status).toBe(200);
  expect((await ask(health.readiness)).status).toBe(503);
});

test('only GET and HEAD', async () => {
  expect((await ask(health.liveness, { method: 'HEAD' })).status).toBe(200);
  const { response } = await ask(health.readiness, { method: 'POST' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('a token that is too short is refused at once', () => {
  expect(() => createHealth(monitor, { token: 'short', env: {} })).toThrow(/at least 16/);
});
