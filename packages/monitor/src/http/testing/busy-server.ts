import type { WatchedServer } from '../../monitor/options.ts';
import type { Session } from '../../server/queries/activity.ts';
import { summarizeServer } from '../../server/summary.ts';

const HOUR = 3_600_000;
const AT = Date.parse('2026-03-01T12:14:58Z');

function sessions(): Session[] {
  const usual = (application: string, state: string, pid: number): Session => ({
    pid,
    application,
    role: 'shop',
    database: 'shop',
    client: '10.0.0.7',
    state,
    stateMillis: 200,
    transactionMillis: null,
    waitsFor: null,
    blockedBy: [],
    query: null,
  });
  const many = (count: number, application: string, state: string, from: number) =>
    Array.from({ length: count }, (_, i) => usual(application, state, from + i));
  const waits = (application: string, pid: number, stateMillis: number, blockedBy: number[]) => ({
    ...usual(application, 'active', pid),
    stateMillis,
    transactionMillis: stateMillis + 40,
    waitsFor: 'Lock: transactionid',
    blockedBy,
    query: 'UPDATE "public"."Product" SET "stock" = ("stock" - $1) WHERE "id" = $2',
  });
  return [
    {
      ...usual('back-office', 'idle in transaction', 4711),
      stateMillis: 31_000,
      transactionMillis: 31_400,
      query: "UPDATE products SET price = 1200, note = 'on sale' WHERE id = 17",
    },
    waits('shop', 4802, 28_400, [4711]),
    waits('shop', 4806, 21_050, [4711, 4802]),
    waits('import', 4810, 14_200, [4802]),
    {
      ...usual('metabase', 'active', 4512),
      stateMillis: 184_000,
      transactionMillis: 184_000,
      query:
        'SELECT date_trunc(\'day\', "createdAt") AS day, sum("total") FROM "Order" GROUP BY day ORDER BY day',
    },
    {
      ...usual('worker', 'idle in transaction', 4533),
      stateMillis: 6_200,
      transactionMillis: 7_000,
      query: 'SELECT * FROM jobs WHERE done = false ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED',
    },
    ...many(3, 'shop', 'active', 5000),
    ...many(24, 'shop', 'idle', 5100),
    ...many(5, 'worker', 'idle', 5200),
    ...many(2, 'metabase', 'idle', 5300),
  ];
}

/** A server on which a forgotten transaction holds up three others. */
export function busyServer(): WatchedServer {
  const snapshot = summarizeServer({
    at: new Date(AT),
    sessions: sessions(),
    limits: {
      version: '18.4',
      startedAt: new Date(AT - 50 * HOUR).toISOString(),
      isReplica: false,
      role: 'shop',
      database: 'shop',
      maxConnections: 100,
      reservedConnections: 3,
      roleLimit: null,
      databaseLimit: null,
      seesAll: true,
      statementsView: 'public.pg_stat_statements',
      countsStatements: true,
      hasExecTime: true,
    },
    statements: [
      ['SELECT * FROM "public"."Product" WHERE "categoryId" = $1 LIMIT $2', 4_812_204, 0.82],
      ['UPDATE "public"."Product" SET "stock" = ("stock" - $1) WHERE "id" = $2', 91_002, 12.4],
      ['SELECT "id", "userId" FROM "public"."Session" WHERE "token" = $1', 9_441_870, 0.06],
    ].map(([query, calls, meanMillis]) => ({
      query: query as string,
      calls: calls as number,
      meanMillis: meanMillis as number,
      totalMillis: (calls as number) * (meanMillis as number),
      rows: calls as number,
    })),
  });
  return { start() {}, stop() {}, snapshot: () => snapshot };
}
