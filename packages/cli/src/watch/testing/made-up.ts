import type { IncidentRecord } from '@lifeguard/monitor';
import type { ServerSnapshot, SessionSnapshot } from '@lifeguard/monitor/server';
import type { Told } from '../view/told.ts';

/** Local time, as it is shown. */
const AT = new Date(2026, 10, 1, 14, 3, 12);

export function session(pid: number, more: Partial<SessionSnapshot> = {}): SessionSnapshot {
  return {
    pid,
    application: 'web',
    role: 'app',
    database: 'shop',
    client: '10.0.0.7',
    state: 'active',
    stateMillis: 8_000,
    transactionMillis: 8_000,
    waitsFor: null,
    statement: 'UPDATE "Product" SET "stock" = "stock" - ? WHERE "id" = $1',
    ...more,
  };
}

export function madeUpServer(more: Partial<ServerSnapshot> = {}): ServerSnapshot {
  return {
    at: AT.toISOString(),
    version: '18.4',
    startedAt: null,
    isReplica: false,
    lagMillis: null,
    connections: {
      max: 97,
      reserved: 3,
      used: 13,
      roleLimit: null,
      databaseLimit: null,
      byState: { active: 4, idle: 8 },
      byApplication: [
        { application: 'web', total: 10, active: 3, idle: 7, idleInTransaction: 0 },
        { application: 'worker', total: 2, active: 1, idle: 1, idleInTransaction: 0 },
      ],
    },
    longRunning: [],
    idleInTransaction: [],
    blockers: [],
    statements: null,
    statementsMissing: null,
    replicas: [],
    notSeen: [],
    problem: null,
    ...more,
  };
}

export function told(
  server: ServerSnapshot,
  incidents: readonly IncidentRecord[] = [],
  more: Partial<Told> = {},
): Told {
  return {
    where: 'shop at db.example.com:5432',
    at: AT,
    look: { server, transactionsPerSecond: 312.4, isBack: false },
    incidents,
    page: 'http://127.0.0.1:9432/',
    intervalSeconds: 2,
    ...more,
  };
}

export function healthy(): Told {
  return told(madeUpServer());
}

export function sick(): Told {
  const holder = session(4_711, {
    application: 'checkout',
    state: 'idle in transaction',
    stateMillis: 12_300,
  });
  const waiter = (pid: number) => session(pid, { waitsFor: 'Lock: transactionid' });
  const leaf = { alsoBlockedBy: [], blocks: [], waiting: 0 };
  const server = madeUpServer({
    connections: {
      max: 97,
      reserved: 3,
      used: 92,
      roleLimit: 90,
      databaseLimit: null,
      byState: { active: 40, idle: 30, 'idle in transaction': 12, 'not seen': 9 },
      byApplication: [
        ...Array.from({ length: 10 }, (_, i) => ({
          application: `an-application-with-a-name-that-is-long-number-${i}`,
          total: 9,
          active: 4,
          idle: 3,
          idleInTransaction: i % 3,
        })),
      ],
    },
    blockers: [
      {
        pid: 4_711,
        session: holder,
        alsoBlockedBy: [],
        waiting: 3,
        blocks: [
          { pid: 4_712, session: waiter(4_712), ...leaf },
          {
            pid: 4_713,
            session: waiter(4_713),
            alsoBlockedBy: [],
            waiting: 1,
            blocks: [{ pid: 4_714, session: waiter(4_714), ...leaf }],
          },
        ],
      },
    ],
    idleInTransaction: [holder, session(4_800, { application: null, stateMillis: 95_000 })],
    longRunning: Array.from({ length: 7 }, (_, i) =>
      session(4_900 + i, {
        application: 'report',
        stateMillis: 340_000,
        statement: 'SELECT count(*) FROM "Order" JOIN "Line" USING ("id")',
      }),
    ),
    statements: [
      {
        statement: 'SELECT * FROM "Product" WHERE "id" = $1',
        calls: 120_000,
        totalMillis: 84_000,
        meanMillis: 0.7,
        rows: 120_000,
      },
      {
        statement:
          'SELECT count(*) FROM "Order" JOIN "Line" USING ("id") GROUP BY "customer", "country", "month"',
        calls: 9,
        totalMillis: 61_000,
        meanMillis: 6_777,
        rows: 9,
      },
    ],
    notSeen: ['what 9 sessions of other roles do: GRANT pg_read_all_stats TO app shows it'],
  });
  const incident: IncidentRecord = {
    id: 'x',
    pool: 'shop',
    kind: 'idle-in-transaction',
    severity: 'warning',
    title: 'checkout holds up 3 sessions with nothing to do in its transaction',
    evidence: ['the longest has waited for 8.0 s'],
    cause: 'why',
    remedy: 'Find what keeps it. If it must end at once: SELECT pg_terminate_backend(4711).',
    weight: 1,
    count: 1,
    episodes: 1,
    firstSeen: AT.toISOString(),
    lastSeen: AT.toISOString(),
    overSince: null,
    explainedBy: [],
  };
  return told(server, [incident]);
}

export function away(): Told {
  const { look, ...rest } = healthy();
  return {
    ...rest,
    look: {
      ...look,
      server: madeUpServer({ problem: 'connect ECONNREFUSED 10.0.0.5:5432' }),
      transactionsPerSecond: null,
    },
  };
}
