import { expect, test } from 'vitest';
import { describeOptions, optionsTable, resolveOptions } from './index.ts';
import { nearestName } from './nearest.ts';
import { spokenSeconds } from './numbers.ts';

test('the table of names, units and defaults', () => {
  expect(optionsTable().split('\n')).toEqual(
    expect.arrayContaining([
      '| `connection_limit` | `DB_CONNECTION_LIMIT`, `DATABASE_POOL_MAX` | `max`, `poolSize` | `10` |',
      '|  | `DATABASE_POOL_MIN` | `min` | `0` |',
      '| `pool_timeout` (s) | `DB_POOL_TIMEOUT` (s), `DATABASE_ACQUIRE_TIMEOUT` (ms) | `connectionTimeoutMillis` (ms) | `10000` |',
      '| `connect_timeout` (s) | `DATABASE_CONNECTION_TIMEOUT` (ms) | `connectTimeoutMillis` (ms) | `5000` |',
      '| `max_idle_connection_lifetime` (s) |  | `idleTimeoutMillis` (ms) | `10000` |',
      '| `max_connection_lifetime` (s) |  | `maxLifetimeSeconds` (s) | `0` |',
    ]),
  );
});

test('a description lists each value beside its origin', () => {
  const lines = describeOptions(
    resolveOptions(
      { min: 1 },
      { DB_CONNECTION_LIMIT: '4', DATABASE_URL: 'postgres://h/d?schema=s' },
    ),
  ).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^max +4 +DB_CONNECTION_LIMIT in the environment$/),
      expect.stringMatching(/^min +1 +min in code$/),
      expect.stringMatching(/^maxUses +Infinity +default$/),
      expect.stringMatching(/^schema +s +schema in the URL$/),
    ]),
  );
});

test.each([
  ['pool_timout', 'pool_timeout'],
  ['POOL-TIMEOUT', 'pool_timeout'],
  ['zzz', undefined],
  ['', undefined],
  ['x'.repeat(10_000), undefined],
])('the name nearest to %s', (name, nearest) => {
  expect(nearestName(name, ['connection_limit', 'pool_timeout'])).toBe(nearest);
});

test.each([
  [0.2, '0 s'],
  [59, '59 s'],
  [600, '10 min'],
  [30_000, '8 h 20 min'],
  [90_061, '1 d 1 h'],
])('%d s are spoken as %s', (seconds, spoken) => {
  expect(spokenSeconds(seconds)).toBe(spoken);
});
