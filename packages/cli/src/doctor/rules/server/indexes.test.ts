import { describe, expect, test } from 'vitest';
import { askRule, severityOf } from '../../testing/ask-rule.ts';
import { identity, index, table } from '../../testing/made-up.ts';

const MB = 1024 * 1024;
const DAY = 86_400;

describe('missing-index', () => {
  const readThrough = { sequentialScans: 100, sequentialRows: 100_000_000, indexScans: 100 };
  test.each([
    [{ ...readThrough }, 'warning'],
    [{ ...readThrough, indexScans: null }, 'warning'],
    [{ ...readThrough, rows: 9_999 }, undefined],
    [{ ...readThrough, indexScans: 1_900 }, undefined],
    [{ ...readThrough, sequentialScans: 49 }, undefined],
    // LIMIT 1 reads a table from its beginning, not to its end.
    [{ ...readThrough, sequentialRows: 100 }, undefined],
  ])('%j: %s', (facts, severity) => {
    expect(severityOf('missing-index', { tables: [table(facts)] })).toBe(severity);
  });

  test('names the statements that read the table', () => {
    const statements = {
      kind: 'seen' as const,
      statements: [
        {
          text: 'SELECT * FROM orders_old WHERE a = $1',
          calls: 9,
          totalMillis: 9,
          meanMillis: 1,
          rows: 1,
        },
        {
          text: 'SELECT * FROM "orders" WHERE b = $1',
          calls: 9,
          totalMillis: 900,
          meanMillis: 100,
          rows: 1,
        },
      ],
      allCalls: 18,
      allMillis: 909,
      age: 1,
    };
    const [finding] = askRule('missing-index', { tables: [table(readThrough)], statements });
    expect(finding?.evidence.slice(1)).toEqual([
      'reads public.orders, 100 ms on average: SELECT * FROM "orders" WHERE b = $1',
    ]);
  });
});

describe('unindexed-foreign-key', () => {
  const key = (columns: string[], rows = 50_000) => ({
    name: 'k',
    table: 'public.orders',
    columns,
    references: 'customers',
    rows,
  });
  test.each([
    ['no index', [], 'warning'],
    ['its first column', [index({ columns: ['a', 'x'] })], undefined],
    ['not its first', [index({ columns: ['x', 'a'] })], 'warning'],
    ['on another table', [index({ columns: ['a'], table: 'public.x' })], 'warning'],
    ['unfinished', [index({ columns: ['a'], isValid: false })], 'warning'],
    ['of some rows', [index({ columns: ['a'], isPartial: true })], 'warning'],
    [
      'of those that have one',
      [index({ columns: ['a'], isPartial: true, notNullColumn: 'a' })],
      undefined,
    ],
    [
      'of those that have another',
      [index({ columns: ['a'], isPartial: true, notNullColumn: 'x' })],
      'warning',
    ],
  ])('%s', (_, indexes, severity) => {
    expect(severityOf('unindexed-foreign-key', { foreignKeys: [key(['a'])], indexes })).toBe(
      severity,
    );
  });

  test('several columns, in any order', () => {
    const facts = { foreignKeys: [key(['a', 'b'])] };
    expect(
      severityOf('unindexed-foreign-key', {
        ...facts,
        indexes: [index({ columns: ['b', 'a', 'c'] })],
      }),
    ).toBeUndefined();
    expect(
      severityOf('unindexed-foreign-key', { ...facts, indexes: [index({ columns: ['a'] })] }),
    ).toBe('warning');
  });

  test.each([
    [999, undefined],
    [1_000, 'info'],
    [10_000, 'warning'],
  ])('%d rows: %s', (rows, severity) => {
    expect(
      severityOf('unindexed-foreign-key', { foreignKeys: [key(['a'], rows)], indexes: [] }),
    ).toBe(severity);
  });
});

describe('duplicate-index', () => {
  const found = (...indexes: ReturnType<typeof index>[]) =>
    askRule('duplicate-index', { indexes })[0]?.subjects ?? [];
  const a = index({ name: 'a', columns: ['x'] });

  test.each([
    ['the same', [a, index({ name: 'b', columns: ['x'] })], ['a']],
    ['begun by another', [a, index({ name: 'b', columns: ['x', 'y'] })], ['a']],
    ['of another table', [a, index({ name: 'b', columns: ['x'], table: 'public.t' })], []],
    [
      'another order',
      [a, index({ name: 'b', columns: ['x', 'y'], traits: ['int4 0 1', 'int4 0 0'] })],
      [],
    ],
    [
      'unique ones stay',
      [index({ ...a, isUnique: true }), index({ name: 'b', columns: ['x', 'y'] })],
      [],
    ],
    [
      'a constraint’s serves',
      [a, index({ name: 'b', columns: ['x'], isUnique: true, isNeeded: true })],
      ['a'],
    ],
    [
      'of some rows',
      [index({ ...a, isPartial: true, signature: 'p' }), index({ name: 'b', columns: ['x', 'y'] })],
      [],
    ],
    [
      'with more than its key',
      [index({ ...a, includes: true, signature: 'i' }), index({ name: 'b', columns: ['x', 'y'] })],
      [],
    ],
    [
      'of another kind',
      [index({ ...a, method: 'hash', signature: 'h' }), index({ name: 'b', columns: ['x', 'y'] })],
      [],
    ],
    [
      'expressions',
      [
        index({ name: 'a', columns: [null], signature: 'e' }),
        index({ name: 'b', columns: [null, 'y'] }),
      ],
      [],
    ],
    [
      'three: one stays',
      [a, index({ name: 'b', columns: ['x'] }), index({ name: 'c', columns: ['x'] })],
      ['a', 'b'],
    ],
    [
      'an unfinished one does not serve',
      [a, index({ name: 'b', columns: ['x', 'y'], isValid: false })],
      [],
    ],
  ])('%s', (_, indexes, names) => {
    expect(found(...indexes)).toEqual(names);
  });

  test('large twins are a warning', () => {
    const twin = (bytes: number) => [index({ name: 'a', bytes }), index({ name: 'b', bytes })];
    expect(severityOf('duplicate-index', { indexes: twin(9 * MB) })).toBe('info');
    expect(severityOf('duplicate-index', { indexes: twin(10 * MB) })).toBe('warning');
  });
});

describe('unused-index', () => {
  const unused = { scans: 0, bytes: 10 * MB };
  test.each([
    [{}, {}, 'info'],
    [{ scans: 1 }, {}, undefined],
    [{ bytes: 9 * MB }, {}, undefined],
    [{ isUnique: true }, {}, undefined],
    [{ isNeeded: true }, {}, undefined],
    [{ isValid: false }, {}, undefined],
    [{}, { isStandby: true }, undefined],
    [{}, { statsAge: 6 * DAY }, undefined],
    [{}, { statsAge: null, uptime: 6 * DAY }, undefined],
    [{}, { statsAge: null, uptime: 8 * DAY }, 'info'],
  ])('%j on %j: %s', (facts, server, severity) => {
    const seen = { indexes: [index({ ...unused, ...facts })], identity: identity(server) };
    expect(severityOf('unused-index', seen)).toBe(severity);
  });

  test('replicas have counters of their own', () => {
    const replicas = [{ name: 'r', state: 'streaming', lagBytes: 0, lagSeconds: 0 }];
    const [finding] = askRule('unused-index', {
      indexes: [index(unused)],
      replication: { replicas, standby: null, slots: [] },
    });
    expect(finding?.evidence.at(-1)).toContain('replicas count their own reads');
  });
});
