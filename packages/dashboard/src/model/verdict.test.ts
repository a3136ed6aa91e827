import { describe, expect, test } from 'vitest';
import type { IncidentRecord, PoolSnapshot } from '../wire.ts';
import { judge } from './verdict.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000).toISOString();

interface Pool {
  readonly used?: number;
  readonly max?: number;
  readonly pending?: number;
  readonly fullMillis?: number;
  readonly timeouts?: number;
  readonly p99Millis?: number;
  readonly breaker?: string;
  readonly lastConnectError?: string;
}

function poolIn({ used = 0, max = 5, pending = 0, p99Millis, timeouts = 0, ...rest }: Pool) {
  return {
    kind: 'pool',
    connections: { used, max, total: used + 1, idle: 1, connecting: 0 },
    pending,
    fullMillis: rest.fullMillis ?? 0,
    holders: [],
    recent: {
      perSecond: { timeouts, shed: 0, statements: 1 },
      wait: { count: p99Millis === undefined ? 0 : 9, p99Millis: p99Millis ?? 0 },
    },
    breaker: rest.breaker ? { state: rest.breaker } : null,
    lastConnectError: rest.lastConnectError ?? null,
  } as unknown as PoolSnapshot;
}

function incident(kind: string, seenSecondsAgo: number): IncidentRecord {
  const severity = ['pool-exhausted', 'overload-shed', 'server-down'].includes(kind)
    ? 'critical'
    : 'warning';
  return {
    kind,
    severity,
    firstSeen: ago(20),
    lastSeen: ago(seenSecondsAgo),
    episodes: 1,
  } as unknown as IncidentRecord;
}

const verdictOf = (pool: Pool, ...active: IncidentRecord[]) => {
  const { status, headline } = judge(poolIn(pool), active, NOW);
  return `${status}: ${headline}`;
};

test.each<[string, Pool, IncidentRecord[]]>([
  ['pass: Healthy', {}, []],
  ['fail: The database does not answer', {}, [incident('server-down', 1)]],
  ['warn: The database answers again', {}, [incident('server-down', 4)]],
  ['fail: The circuit breaker is open', { breaker: 'open' }, [incident('server-down', 4)]],
  ['warn: The breaker lets callers back in', { breaker: 'returning' }, []],
  ['fail: Callers wait in vain', { timeouts: 2 }, [incident('pool-exhausted', 1)]],
  ['warn: Callers waited too long a moment ago', { timeouts: 2 }, [incident('pool-exhausted', 5)]],
  ['fail: Overloaded: callers are refused', {}, [incident('overload-shed', 0)]],
  ['warn: Callers were refused a moment ago', {}, [incident('overload-shed', 9)]],
  ['warn: Full: callers wait', { used: 5, pending: 1 }, []],
  ['warn: Full: callers wait', { used: 4, pending: 1, fullMillis: 900 }, []],
  ['fail: Full: callers wait', { used: 5, pending: 1 }, [incident('pool-exhausted', 1)]],
  ['warn: It works, with 1 problem to look at', {}, [incident('fan-out', 1)]],
])('%s', (verdict, pool, active) => {
  expect(verdictOf(pool, ...active)).toBe(verdict);
});

describe('in a sentence', () => {
  const detailOf = (pool: Pool, ...active: IncidentRecord[]) =>
    judge(poolIn(pool), active, NOW).detail;

  test.each<[Pool, string]>([
    [
      { used: 1, p99Millis: 42 },
      '1 of 5 connections is in use, nobody waits; 99 of 100 waited 42 ms at most.',
    ],
    [
      { max: 1, p99Millis: 0.4 },
      '0 of 1 connection is in use, nobody waits; 99 of 100 waited less than 1 ms.',
    ],
  ])('%j', (pool, detail) => {
    expect(detailOf(pool)).toBe(detail);
  });

  test('an outage is told by how long it lasts and what was met', () => {
    const pool = {
      breaker: 'open',
      lastConnectError: 'connect ECONNREFUSED 10.0.3.12:5432',
      pending: 2,
    };
    expect(detailOf(pool, incident('server-down', 1))).toBe(
      'No connection for 20 s; 2 callers wait; the breaker refuses callers at once; the last attempt met: connect ECONNREFUSED 10.0.3.12:5432.',
    );
  });
});
