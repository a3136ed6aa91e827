import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createMonitor } from '../monitor/monitor.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { ScriptedPool } from '../testing/scripted-pool.ts';
import type { Logger } from './logger.ts';

let clock: FakeClock;
let pool: ScriptedPool;
let lines: [level: string, details: object, text: string][];

beforeEach(() => {
  clock = new FakeClock();
  pool = new ScriptedPool();
  lines = [];
});

/** As pino is called. */
const logger: Logger = {
  info: (details, text) => lines.push(['info', details, text]),
  warn: (details, text) => lines.push(['warn', details, text]),
  error: (details, text) => lines.push(['error', details, text]),
};
const texts = () => lines.map(([level, , text]) => `${level} ${text}`);

function watch(options: Partial<Parameters<typeof createMonitor>[0]> = {}) {
  return createMonitor({ pools: { main: pool }, logger, clock, ...options }).start();
}

describe('the line a minute', () => {
  test('tells what a pool did in it', () => {
    watch();
    for (let second = 0; second < 120; second++) {
      pool.runs('SELECT 1', 20, 2).is({ pending: 2, connections: { checkedOut: 2, shared: 1 } });
      clock.advance(1_000);
    }
    expect(lines).toEqual(
      Array(2).fill([
        'info',
        {
          pool: 'main',
          active: 3,
          idle: 5,
          max: 5,
          pending: 2,
          timeouts: 0,
          shed: 0,
          statementsPerMinute: 1_200,
          checkoutsPerMinute: 0,
          waitP99Millis: 0,
          serviceP99Millis: 0,
        },
        'lifeguard: pool main: 3 of 5 connections active, 2 pending, 0 time-outs, 1200 statements a minute, 99 of 100 waits within 0.0 ms',
      ]),
    );
  });

  test('is a warning when callers were refused', () => {
    watch();
    pool.count({ timeouts: 1, shed: 4 });
    clock.advance(60_000);
    expect(texts().filter((text) => text.includes('time-out,'))).toEqual([
      expect.stringMatching(/^warn .* 1 time-out, 4 refused at once,/),
    ]);
  });

  test('says nothing of a pool that did nothing', () => {
    watch();
    clock.advance(600_000);
    expect(lines).toEqual([]);
  });

  test('can be switched off, and ends with the monitor', () => {
    watch({ minuteLine: false });
    const monitor = watch();
    pool.runs('SELECT 1', 20, 2);
    monitor.stop();
    clock.advance(60_000);
    expect(lines).toEqual([]);
  });
});

describe('incidents', () => {
  test('are written as they begin and end, as severe as they are', () => {
    watch({ minuteLine: false });
    pool.count({ timeouts: 2 }).runs('SELECT pg_sleep(2)', 1, 2_000);
    clock.advance(90_000);
    expect(texts()).toEqual([
      expect.stringMatching(
        /^warn lifeguard: slow-statement in pool main: a statement takes 2.0 s .* EXPLAIN/,
      ),
      expect.stringMatching(
        /^error lifeguard: pool-exhausted in pool main: callers gave up .* 2 times\. Look/,
      ),
      expect.stringMatching(
        /^info lifeguard: slow-statement in pool main is over since .*\(1 in all\)$/,
      ),
      expect.stringMatching(
        /^info lifeguard: pool-exhausted in pool main is over since .*\(2 in all\)$/,
      ),
    ]);
    expect(lines[1]?.[1]).toMatchObject({
      incident: 'main-2',
      kind: 'pool-exhausted',
      severity: 'critical',
      evidence: expect.any(Array),
      explainedBy: ['main-1'],
    });
  });

  test('that come and go all the time do not fill the log', () => {
    watch({ minuteLine: false });
    for (let minute = 0; minute < 60; minute++) {
      pool.count({ shed: 1 });
      clock.advance(60_000);
    }
    expect(lines.length).toBeLessThan(30);
  });

  test('more than a log should have are counted, once a minute', () => {
    watch({ minuteLine: false });
    for (let i = 0; i < 80; i++) pool.runs(`SELECT ${i}`, 1, 2_000);
    clock.advance(10_000);
    expect(lines).toHaveLength(31);
    expect(texts()).toContainEqual(expect.stringMatching(/^warn lifeguard: 50 more incidents/));
  });

  test('are not told by a monitor that was not started', () => {
    const monitor = createMonitor({ pools: { main: pool }, logger, clock });
    pool.count({ timeouts: 2 });
    expect(monitor.incidents()).toHaveLength(1);
    expect(lines).toEqual([]);
  });
});

test('a console gets one line of text', () => {
  let written = '';
  const stream = new Writable({
    write(piece, _, done) {
      written += piece;
      done();
    },
  });
  watch({ logger: new Console(stream), minuteLine: false });
  pool.count({ timeouts: 2 });
  clock.advance(1_000);
  expect(written).toMatch(/^lifeguard: pool-exhausted in pool main: .*\n$/);
});

test('a logger that throws does not stop the monitor', () => {
  const problem = vi.fn();
  const failing = () => {
    throw new Error('disk full');
  };
  const monitor = watch({ logger: { info: failing, warn: failing, error: failing } });
  monitor.on('problem', problem);
  pool.count({ timeouts: 2 });
  clock.advance(1_000);
  expect(problem).toHaveBeenCalledExactlyOnceWith(new Error('disk full'));
  expect(clock.timers).toBe(1);
});
