import type { IncidentRecord } from '@lifeguard/monitor';
import { describe, expect, test } from 'vitest';
import { nameOfProgram } from './inside/program-name.ts';
import { environmentFor } from './launch.ts';
import { socketIn } from './protocol.ts';
import { mergeIncidents } from './summary.ts';

test.each([
  ['/srv/shop/src/server.js', 'src/server.js'],
  ['/srv/shop/node_modules/next/dist/bin/next', 'next'],
  ['/opt/tools/migrate.js', 'migrate.js'],
  [undefined, 'node'],
])('the program %s is called %s', (script, name) => {
  expect(nameOfProgram(script, '/srv/shop')).toBe(name);
});

test('what NODE_OPTIONS had stays, and comes first', () => {
  const env = { NODE_OPTIONS: '--max-old-space-size=512', LIFEGUARD: 'off', PATH: '/bin' };
  expect(environmentFor(env, 'observe', '/tmp/x', '/a b/r.cjs')).toEqual({
    NODE_OPTIONS: '--max-old-space-size=512 --require="/a b/r.cjs"',
    LIFEGUARD: 'observe',
    LIFEGUARD_RUN: '/tmp/x',
    PATH: '/bin',
  });
  expect(environmentFor({}, 'observe', '/tmp/x', '/r.cjs').NODE_OPTIONS).toBe('--require=/r.cjs');
  expect(environmentFor({}, 'protect', '/tmp/x', 'C:\\a "b"\\r.cjs')).toMatchObject({
    NODE_OPTIONS: '--require="C:\\\\a \\"b\\"\\\\r.cjs"',
    LIFEGUARD: 'protect',
  });
});

test('Windows has its sockets elsewhere', () => {
  expect(socketIn('C:\\Temp\\lifeguard-run-x', 'win32')).toBe('\\\\.\\pipe\\lifeguard-run-x');
  expect(socketIn('/tmp/lifeguard-run-x', 'linux')).toBe('/tmp/lifeguard-run-x/socket');
});

describe('incidents of several processes', () => {
  const incident = (pool: string, more: Partial<IncidentRecord> = {}): IncidentRecord => ({
    id: `${pool}-1`,
    kind: 'fan-out',
    title: `seen in ${pool}`,
    evidence: [],
    cause: 'why',
    remedy: 'what',
    weight: 1,
    pool,
    severity: 'warning',
    count: 2,
    episodes: 1,
    route: 'GET /home',
    firstSeen: '2026-11-01T10:00:05.000Z',
    lastSeen: '2026-11-01T10:00:06.000Z',
    overSince: null,
    explainedBy: [],
    ...more,
  });

  test('are one where they are the same, told by the one that cost most', () => {
    const merged = mergeIncidents([
      incident('a'),
      incident('b', {
        weight: 5,
        firstSeen: '2026-11-01T10:00:01.000Z',
        lastSeen: '2026-11-01T10:00:09.000Z',
      }),
      incident('a', { route: 'GET /other' }),
    ]);
    expect(merged).toHaveLength(2);
    expect(merged[0]).toMatchObject({
      title: 'seen in b',
      count: 4,
      weight: 6,
      pools: ['a', 'b'],
      firstSeen: '2026-11-01T10:00:01.000Z',
      lastSeen: '2026-11-01T10:00:09.000Z',
    });
  });

  test('causes come before symptoms', () => {
    const merged = mergeIncidents([
      incident('a', { kind: 'pool-exhausted', severity: 'critical', weight: 99 }),
      incident('a'),
    ]);
    expect(merged.map(({ kind }) => kind)).toEqual(['fan-out', 'pool-exhausted']);
  });
});
