import { describe, expect, test } from 'vitest';
import { askRule, severityOf } from '../../testing/ask-rule.ts';
import { database, identity, settings, table } from '../../testing/made-up.ts';

describe('vacuum', () => {
  test.each([
    ['stale-statistics', { analyzedAgo: 300, changedSinceAnalyze: 500_000 }, 'warning'],
    ['stale-statistics', { analyzedAgo: 299, changedSinceAnalyze: 500_000 }, undefined],
    ['stale-statistics', { changedSinceAnalyze: 499_999 }, undefined],
    ['stale-statistics', { analyzedAgo: null }, 'warning'],
    [
      'stale-statistics',
      { analyzedAgo: null, changedSinceAnalyze: 0, sequentialScans: 0 },
      undefined,
    ],
    ['bloat', { rows: 15_000, deadRows: 10_000 }, 'warning'],
    ['bloat', { rows: 15_001, deadRows: 10_000 }, undefined],
    ['bloat', { rows: 100, deadRows: 9_999 }, undefined],
    ['autovacuum-off', { autovacuumOff: true }, 'warning'],
  ] as const)('%s %j: %s', (id, facts, severity) => {
    expect(severityOf(id, { tables: [table(facts)] })).toBe(severity);
  });

  test('off for the whole server', () => {
    expect(severityOf('autovacuum-off', { settings: settings({ autovacuum: false }) })).toBe(
      'warning',
    );
  });
});

test.each([
  [{ blocksHit: 99_000, blocksRead: 1_000 }, undefined],
  [{ blocksHit: 98_999, blocksRead: 1_001 }, 'info'],
  [{ blocksHit: 93_999, blocksRead: 6_001 }, 'warning'],
  [{ blocksHit: 9, blocksRead: 9_000 }, undefined],
])('cache-hit %j: %s', (facts, severity) => {
  expect(severityOf('cache-hit', { databases: [database(facts)] })).toBe(severity);
});

describe('statements', () => {
  const seen = (statements: object[], all: object = {}) => ({
    statements: {
      kind: 'seen' as const,
      statements: statements.map((one) => ({
        text: 'SELECT 1',
        whole: 'SELECT 1',
        calls: 1_000,
        totalMillis: 1,
        meanMillis: 1,
        rows: 1,
        ...one,
      })),
      allCalls: 100_000,
      allMillis: 1_000_000,
      age: 1_000,
      ...all,
    },
  });

  test.each([
    [{ meanMillis: 19 }, undefined],
    [{ meanMillis: 20, totalMillis: 20_000 }, 'info'],
    [{ meanMillis: 20, calls: 99 }, undefined],
    [{ meanMillis: 100, totalMillis: 100_000 }, 'warning'],
    [{ meanMillis: 100, totalMillis: 99_999 }, 'info'],
    [{ meanMillis: 900, totalMillis: 900_000, text: 'CREATE INDEX x ON y (z)' }, undefined],
  ])('slow-statements %j: %s', (facts, severity) => {
    expect(severityOf('slow-statements', seen([facts]))).toBe(severity);
  });

  const slow = { meanMillis: 500, totalMillis: 500_000 };
  const planCode = (statement: object, versionNumber: number) =>
    askRule('slow-statements', {
      ...seen([{ ...slow, ...statement }]),
      identity: identity({ versionNumber }),
    })[0]?.remedies[0]?.code;

  test('the plan is asked for without running the statement', () => {
    const whole = 'DELETE FROM t WHERE a = $2 AND b = $1';
    expect(planCode({ whole }, 160_000)).toBe(`EXPLAIN (GENERIC_PLAN)\n${whole};`);
    expect(planCode({ whole }, 150_000)).toBe(
      `PREPARE looked_at AS\n${whole};\nSET plan_cache_mode = force_generic_plan;\nEXPLAIN EXECUTE looked_at (NULL, NULL);\nDEALLOCATE looked_at;\nRESET plan_cache_mode;`,
    );
    expect(planCode({ whole: 'TABLE t' }, 150_000)).toContain('EXPLAIN EXECUTE looked_at;');
  });

  test('one whose values are gone has to be filled in', () => {
    expect(planCode({ whole: null, text: 'SELECT ?' }, 180_000)).toBe(
      'EXPLAIN (ANALYZE, BUFFERS)\nSELECT ?;',
    );
  });

  test('says how many connections it keeps busy', () => {
    const [finding] = askRule('slow-statements', seen([{ meanMillis: 500, totalMillis: 500_000 }]));
    expect(finding?.evidence[0]).toContain('0.5 connections busy');
  });

  test.each([
    [{ calls: 33_000 }, 'info'],
    [{ calls: 32_999 }, undefined],
  ])('frequent-statements %j: %s', (facts, severity) => {
    expect(severityOf('frequent-statements', seen([facts]))).toBe(severity);
  });

  test.each([
    [
      { kind: 'not-created', isAvailable: true, isPreloaded: true },
      'CREATE EXTENSION IF NOT EXISTS pg_stat_statements;',
    ],
    [
      { kind: 'not-preloaded' },
      expect.stringMatching(/^[^C]*shared_preload_libraries = 'pg_stat_statements'$/),
    ],
    [
      { kind: 'not-created', isAvailable: true, isPreloaded: null },
      expect.stringMatching(/shared_preload[\s\S]*CREATE EXTENSION/),
    ],
  ] as const)('no-statement-statistics %j', (statements, code) => {
    const [finding] = askRule('no-statement-statistics', { statements });
    expect(finding?.remedies[0]?.code).toEqual(code);
  });
});
