import { type KnownStats, type PoolStats, statsOf } from '@lifeguard/pool';
import { RemotePool } from '../remote-pool.ts';
import type { RunFacts } from '../summary.ts';

/** What a test says of a pool; the rest is a pool of five that has nothing to do. */
export function madeUpStats({ connections, counts, ...rest }: KnownStats = {}): PoolStats {
  return statsOf({
    connections: { max: 5, total: 5, idle: 5, peak: 5, ...connections },
    counts: { connects: 5, ...counts },
    ...rest,
  });
}

/** Local time, as it is shown. */
const BEGAN = new Date(2026, 10, 1, 14, 3, 10);
const at = (seconds: number) => BEGAN.getTime() + seconds * 1_000;

export function quietFacts(): RunFacts {
  return {
    program: 'node',
    mode: 'observe',
    startedAt: BEGAN,
    endedAt: new Date(at(42)),
    end: { kind: 'exited', exitCode: 0 },
    processes: 1,
    pools: [
      new RemotePool(
        'server.js',
        '1/0',
        'observe',
        madeUpStats({
          counts: { statements: 12_345 },
          wait: { count: 12_345, p99Millis: 0.4, maxMillis: 3.2 },
        }),
      ),
    ],
    unwatched: 0,
    hasPg: true,
    moments: [],
    incidents: [],
    stillRunning: [],
  };
}

export function sickFacts(): RunFacts {
  const stats = madeUpStats({
    counts: { statements: 59_200, waited: 8_123, timeouts: 12 },
    errors: { '40001': 3 },
    wait: { count: 59_200, p99Millis: 1_480, maxMillis: 7_100 },
    statements: [
      {
        statement:
          'SELECT "id", "name", "price" FROM "Product" WHERE "categoryId" = $1 ORDER BY "rank" LIMIT $2',
        owners: [],
        executions: 50_000,
        errors: 0,
        totalMillis: 431_000,
        meanMillis: 8.6,
        maxMillis: 90,
      },
    ],
  });
  const incident = {
    id: 'x',
    pool: 'server.js',
    count: 117,
    episodes: 1,
    firstSeen: new Date(at(5)).toISOString(),
    lastSeen: new Date(at(60)).toISOString(),
    overSince: null,
    explainedBy: [],
  };
  return {
    program: 'npm',
    mode: 'observe',
    startedAt: BEGAN,
    endedAt: new Date(at(620)),
    end: { kind: 'killed', exitCode: 130, signal: 'SIGINT' },
    processes: 3,
    pools: [
      new RemotePool('server.js', '1/0', 'observe', stats),
      new RemotePool(
        'apps/storefront/src/workers/reindex-everything.ts (4711)',
        '2/0',
        'observe',
        madeUpStats({ connections: { peak: 0, max: 10 } }),
      ),
    ],
    unwatched: 4,
    hasPg: true,
    moments: [
      {
        pool: 'server.js',
        from: at(12),
        to: at(25),
        mostWaiting: 48,
        waited: 340,
        longestMillis: 7_100,
        refused: 12,
        used: 5,
        max: 5,
        holders: [
          {
            id: 7,
            owner: 'an unnamed checkout in POST /checkout',
            heldMillis: 5_200,
            idleMillis: 4_900,
            inTransaction: true,
            statements: 3,
            site: 'src/checkout.ts:12:24',
          },
        ],
        weight: 1,
      },
    ],
    incidents: [
      {
        ...incident,
        kind: 'pool-exhausted',
        severity: 'critical',
        title: 'all 5 connections have been used for 5.0 s while callers wait',
        evidence: ['half of all waits were over 1.3 s'],
        cause: 'More work asks for connections than the connections can do in the time.',
        remedy: 'Look at the other incidents first.',
        weight: 9,
        count: 1,
      },
      {
        ...incident,
        kind: 'idle-in-transaction',
        severity: 'warning',
        title: 'POST /checkout holds a connection for 309 ms and uses it for 7.2 ms',
        evidence: ['98 % of its hold time had no statement under way (seen 117 times)'],
        cause:
          'The transaction stays open while the application waits for something else, most likely a call to another service.',
        remedy:
          'Make the call outside: write what must be known before it in one short transaction, call, then record the outcome in another.',
        weight: 5,
        owner: 'POST /checkout',
      },
    ],
    stillRunning: ['worker.js (4712)'],
  };
}
