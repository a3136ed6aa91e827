import { describe, expect, test } from 'vitest';
import { askRule, severityOf } from '../../testing/ask-rule.ts';
import { healthyFacts, identity, index, table } from '../../testing/made-up.ts';

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
    // Twice a night for a month.
    [{ ...readThrough, sequentialScans: 59, indexScans: 0 }, undefined],
    [{ ...readThrough, sequentialScans: 60, indexScans: 0 }, 'warning'],
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
          whole: 'SELECT * FROM orders_old WHERE a = $1',
          calls: 9,
          totalMillis: 9,
          meanMillis: 1,
          rows: 1,
        },
        {
          text: 'SELECT * FROM "orders" WHERE b = $1',
          whole: 'SELECT * FROM "orders" WHERE b = $1',
          calls: 9,
          totalMillis: 900,
          meanMillis: 100,
          rows: 1,
        },
        {
          text: 'CREATE INDEX x ON orders (b)',
          whole: 'CREATE INDEX x ON orders (b)',
          calls: 1,
          totalMillis: 900,
          meanMillis: 900,
          rows: 0,
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
    expect(finding?.remedies[0]?.code).toContain('SELECT * FROM "orders" WHERE b = $1;');
  });
});

describe('unindexed-foreign-key', () => {
  const key = (columns: string[], rows = 50_000) => ({
    name: 'k',
    table: 'public.orders',
    columns,
    references: 'customers',
    rows,
    partitions: [] as string[],
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

test('a partitioned table is indexed by its partitions, and then takes theirs over', () => {
  const foreignKeys = [
    {
      name: 'k',
      table: 'public.events',
      columns: ['a'],
      references: 'customers',
      rows: 50_000,
      partitions: ['public.events_1', 'public.events_2'],
    },
  ];
  const on = (table: string) => index({ table, name: `${table}_a`, columns: ['a'] });
  const ask = (...tables: string[]) =>
    askRule('unindexed-foreign-key', { foreignKeys, indexes: tables.map(on) })[0];
  expect(ask('public.events_1', 'public.events_2')).toBeUndefined();
  const finding = ask('public.events_1');
  expect(finding?.evidence).toEqual(['public.events (a) → customers: 50 000 rows in 2 partitions']);
  expect(finding?.remedies[0]?.code?.split('\n')).toEqual([
    'CREATE INDEX CONCURRENTLY ON public.events_2 (a);',
    'CREATE INDEX ON public.events (a);',
  ]);
});

test('what many partitions still lack is not to be built with writers stopped', () => {
  const partitions = Array.from({ length: 8 }, (_, n) => `public.events_${n}`);
  const key = { name: 'k', table: 'public.events', columns: ['a'], references: 'customers' };
  const [finding] = askRule('unindexed-foreign-key', {
    foreignKeys: [{ ...key, rows: 50_000, partitions }],
    indexes: [],
  });
  expect(finding?.remedies[0]?.code?.split('\n').slice(-2)).toEqual([
    '-- and so for 3 partitions more; only then',
    '-- CREATE INDEX ON public.events (a);',
  ]);
});

/** An index of a partitioned table, and its part on one partition. */
function family(name: string, facts: Partial<ReturnType<typeof index>> = {}) {
  const whole = { name, table: 'public.events', isPartitioned: true, bytes: 0, scans: 0 };
  const part = { name: `${name}_1`, table: 'public.events_1', partOf: name };
  return [index({ ...facts, ...whole }), index({ ...facts, ...part })];
}

describe('indexes of partitioned tables', () => {
  test('are duplicates as a whole', () => {
    const indexes = [...family('public.a'), ...family('public.b')];
    const [finding] = askRule('duplicate-index', { indexes });
    expect(finding).toMatchObject({ severity: 'warning', subjects: ['public.a'] });
    expect(finding?.remedies[0]?.code).toMatch(/^DROP INDEX public\.a; --/);
  });

  test('serve for one that a partition has besides', () => {
    const own = index({ name: 'public.own', table: 'public.events_1' });
    const [finding] = askRule('duplicate-index', { indexes: [own, ...family('public.a')] });
    expect(finding?.subjects).toEqual(['public.own']);
  });

  test('are unused when none of their parts is used', () => {
    const unused = (scans: number) =>
      askRule('unused-index', { indexes: family('public.a', { scans }) })[0]?.subjects;
    expect(unused(0)).toEqual(['public.a']);
    expect(unused(1)).toBeUndefined();
  });

  test('are not unfinished where a partition has none yet', () => {
    const [whole] = family('public.a', { isValid: false });
    expect(severityOf('invalid-index', { indexes: whole ? [whole] : [] })).toBeUndefined();
  });
});

test('an index that leads from a foreign key is no unused one: without it the key would have none', () => {
  const [key] = healthyFacts().foreignKeys;
  const indexes = [index({ scans: 0, bytes: 10 * MB })];
  const foreignKeys = key ? [key] : [];
  expect(severityOf('unused-index', { indexes, foreignKeys })).toBeUndefined();
  expect(severityOf('unused-index', { indexes, foreignKeys: [] })).toBe('info');
});

test('each unfinished index has its own way out', () => {
  const indexes = [
    index({ name: 'public.plain', isValid: false }),
    index({ name: 'public.once', isValid: false, isUnique: true }),
    index({ name: 'public.plain_ccnew', isValid: false }),
    index({ name: 'public.once_ccold1', isValid: false, isUnique: true }),
  ];
  const [finding] = askRule('invalid-index', { indexes });
  expect(finding?.remedies.map(({ code }) => code)).toEqual([
    'REINDEX INDEX CONCURRENTLY public.plain;',
    'REINDEX INDEX CONCURRENTLY public.once;',
    'DROP INDEX CONCURRENTLY public.plain_ccnew;\nDROP INDEX CONCURRENTLY public.once_ccold1;',
  ]);
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
  const unused = { scans: 0, bytes: 10 * MB, columns: ['status'] };
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
