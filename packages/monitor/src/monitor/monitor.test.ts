import type { PoolStats } from '@lifeguard/pool';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { madeUpStats, statement } from '../testing/pool-stats.ts';
import { madeUpServer } from '../testing/server.ts';
import { createMonitor, type Monitor } from './monitor.ts';

let clock: FakeClock;
let stats: PoolStats;
let monitor: Monitor;

beforeEach(() => {
  clock = new FakeClock();
  stats = madeUpStats();
  monitor = createMonitor({ pools: { main: { stats: () => stats } }, clock });
});

/** Lets callers wait in vain. */
function timeOut(timeouts: number): void {
  stats = madeUpStats({ counts: { timeouts: stats.counts.timeouts + timeouts } });
}

describe('incidents', () => {
  test('are told when they begin, once, and when they are over', () => {
    const told: string[] = [];
    monitor.on('incident', ({ kind, count }) => told.push(`${kind} ${count}`));
    monitor.on('over', ({ kind, count, overSince }) =>
      told.push(`over ${kind} ${count} ${overSince}`),
    );
    monitor.start();
    clock.advance(5_000);
    expect(told).toEqual([]);
    for (let second = 0; second < 5; second++) {
      timeOut(3);
      clock.advance(1_000);
    }
    expect(told).toEqual(['pool-exhausted 3']);
    expect(monitor.incidents()).toMatchObject([{ id: 'main-1', count: 15, overSince: null }]);
    clock.advance(60_000);
    expect(told).toEqual(['pool-exhausted 3', 'over pool-exhausted 15 2026-03-01T12:00:10.000Z']);
  });

  test('a pool that has no connection, because it gets none, is not told as full', () => {
    const pending = 3;
    const lastConnectError = 'connect ECONNREFUSED 10.0.3.12:5432';
    stats = madeUpStats({ pending, connections: { total: 0, idle: 0 }, lastConnectError });
    monitor.start();
    clock.advance(10_000);
    expect(monitor.incidents().map(({ kind }) => kind)).toEqual(['server-down']);
    stats = madeUpStats({ pending, connections: { idle: 0, checkedOut: 5 } });
    clock.advance(10_000);
    expect(monitor.incidents().map(({ kind }) => kind)).toContain('pool-exhausted');
  });

  test('are the same when they come back', () => {
    monitor.start();
    timeOut(1);
    clock.advance(60_000);
    expect(monitor.incidents()).toMatchObject([{ overSince: expect.any(String), episodes: 1 }]);
    timeOut(4);
    clock.advance(1_000);
    expect(monitor.incidents()).toMatchObject([
      {
        id: 'main-1',
        count: 5,
        episodes: 2,
        firstSeen: '2026-03-01T12:00:01.000Z',
        overSince: null,
      },
    ]);
  });

  test('what happened before the monitor looked is no news', () => {
    timeOut(7);
    monitor = createMonitor({ pools: { main: { stats: () => stats } }, clock }).start();
    clock.advance(2_000);
    expect(monitor.incidents()).toEqual([]);
  });

  test('are there for whoever asks, though the monitor was not started', () => {
    timeOut(2);
    expect(monitor.incidents()).toMatchObject([{ kind: 'pool-exhausted', count: 2 }]);
  });

  test('a listener that throws keeps nobody from hearing', () => {
    const heard = vi.fn();
    const problem = vi.fn();
    monitor.on('incident', () => {
      throw new Error('of the application');
    });
    monitor.on('incident', heard).on('problem', problem).start();
    timeOut(1);
    clock.advance(3_000);
    expect(heard).toHaveBeenCalledOnce();
    expect(problem).toHaveBeenCalledExactlyOnceWith(new Error('of the application'));
  });
});

describe('snapshot', () => {
  test('is plain JSON', () => {
    monitor.start();
    timeOut(1);
    clock.advance(1_500);
    const snapshot = monitor.snapshot();
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(snapshot).toMatchObject({
      version: 1,
      at: '2026-03-01T12:00:01.500Z',
      incidents: { active: [{ kind: 'pool-exhausted' }], past: [] },
    });
  });

  test('tells rates of the last ten seconds, and what cost most in the last thirty', () => {
    monitor.start();
    for (let second = 1; second <= 60; second++) {
      stats = madeUpStats({
        counts: { statements: second * 100 },
        statements: [statement({ executions: second * 100, totalMillis: second * 250 })],
      });
      clock.advance(1_000);
    }
    const [pool] = monitor.snapshot().pools;
    expect(pool?.recent).toMatchObject({ seconds: 10, perSecond: { statements: 100 } });
    expect(pool?.window).toMatchObject({
      seconds: 30,
      statements: [{ executions: 3_000, totalMillis: 7_500, meanMillis: 2.5 }],
    });
  });
});

test('stopped, it has no timer and no listener left', () => {
  const listeners = new Set<unknown>();
  const pool = {
    stats: () => stats,
    on: (_: string, listener: unknown) => listeners.add(listener),
    off: (_: string, listener: unknown) => listeners.delete(listener),
  };
  const watching = createMonitor({ pools: { pool }, clock }).start().start();
  expect([clock.timers, listeners.size]).toEqual([1, 2]);
  watching.stop();
  expect([clock.timers, listeners.size, watching.isStarted]).toEqual([0, 0, false]);
});

test('what is no pool is refused by its name', () => {
  expect(() => createMonitor({ pools: { orders: {} as never } })).toThrow(
    /pools\.orders has no stats/,
  );
});

test('pools that come and go are watched while they are there', () => {
  const pools: Record<string, { stats(): PoolStats }> = {};
  const all = createMonitor({ pools: () => ({ ...pools }), clock }).start();
  clock.advance(2_000);
  pools.late = { stats: () => stats };
  clock.advance(1_000);
  timeOut(3);
  clock.advance(1_000);
  expect(all.snapshot().pools.map(({ name }) => name)).toEqual(['late']);
  expect(all.incidents()).toMatchObject([{ pool: 'late', count: 3, overSince: null }]);
  delete pools.late;
  clock.advance(1_000);
  expect(all.snapshot().pools).toEqual([]);
  expect(all.incidents()).toMatchObject([{ pool: 'late', overSince: expect.any(String) }]);
});

test('what the server says is in the snapshot, and is asked while the monitor is started', () => {
  const calls: string[] = [];
  const replica = { name: 'r1', isUp: true, lagMillis: 9_000 };
  const server = {
    start: () => calls.push('start'),
    stop: () => calls.push('stop'),
    snapshot: () => madeUpServer({ version: '18.4', replicas: [replica] }),
  };
  const watching = createMonitor({
    pools: { main: { stats: () => stats } },
    servers: { main: server },
    clock,
  });
  watching.start();
  clock.advance(1_000);
  expect(watching.snapshot().pools).toMatchObject([
    { server: { version: '18.4' }, replicas: [replica], health: { status: 'warn' } },
  ]);
  expect(watching.incidents()).toMatchObject([{ kind: 'replica-lagging', subject: 'r1' }]);
  watching.stop();
  expect(calls).toEqual(['start', 'stop']);
});
