import { expect, test } from 'vitest';
import type { Session } from './queries/activity.ts';
import { activity } from './queries/activity.ts';
import { limits, type ServerLimits } from './queries/limits.ts';
import { replication } from './queries/replication.ts';
import { statements } from './queries/statements.ts';
import { follow, type Standbys } from './standbys.ts';
import { summarizeServer } from './summary.ts';

function session(part: Partial<Session>): Session {
  return {
    pid: 1,
    application: 'shop',
    role: 'app',
    database: 'shop',
    client: '10.0.0.7',
    state: 'idle',
    stateMillis: 0,
    transactionMillis: null,
    waitsFor: null,
    blockedBy: [],
    query: null,
    ...part,
  };
}

const known: ServerLimits = {
  version: '18.4',
  startedAt: '2026-03-01T00:00:00.000Z',
  isReplica: false,
  role: 'App',
  database: 'shop',
  maxConnections: 100,
  reservedConnections: 3,
  roleLimit: null,
  databaseLimit: 40,
  seesAll: true,
  statementsView: null,
  countsStatements: true,
  hasExecTime: true,
};

test('before the first answer, nothing is known', () => {
  expect(summarizeServer({ problem: 'connect ECONNREFUSED' })).toMatchObject({
    at: null,
    connections: { max: null, used: 0, byState: {} },
    statements: null,
    statementsMissing: null,
    notSeen: [],
    problem: 'connect ECONNREFUSED',
  });
});

test('sessions by state and application; connections with the monitor’s own', () => {
  const { connections } = summarizeServer({
    limits: known,
    sessions: [
      session({ state: 'active' }),
      session({ state: 'idle in transaction (aborted)' }),
      session({ state: 'idle', application: null }),
      session({ state: 'idle' }),
    ],
  });
  expect(connections).toEqual({
    max: 97,
    reserved: 3,
    used: 5,
    roleLimit: null,
    databaseLimit: 40,
    byState: { active: 1, 'idle in transaction (aborted)': 1, idle: 2 },
    byApplication: [
      { application: 'shop', total: 3, active: 1, idle: 1, idleInTransaction: 1 },
      { application: 'no application_name', total: 1, active: 0, idle: 1, idleInTransaction: 0 },
    ],
  });
});

test('from a second on, the longest first, and no literal is shown', () => {
  const { longRunning, idleInTransaction } = summarizeServer({
    sessions: [
      session({ pid: 1, state: 'active', stateMillis: 999 }),
      session({ pid: 2, state: 'active', stateMillis: 1_000, query: "SELECT 'secret', 42" }),
      session({ pid: 3, state: 'active', stateMillis: 9_000, waitsFor: 'Lock: tuple' }),
      session({ pid: 4, state: 'idle in transaction', stateMillis: 60_000, query: 'SELECT 7' }),
    ],
  });
  expect(longRunning.map(({ pid, statement }) => [pid, statement])).toEqual([
    [3, null],
    [2, 'SELECT ?, ?'],
  ]);
  expect(longRunning[0]).not.toHaveProperty('query');
  expect(idleInTransaction).toMatchObject([{ pid: 4, statement: 'SELECT ?' }]);
});

test('a tree of locks is bounded, and has no literals either', () => {
  const sessions = [
    session({ pid: 1, state: 'idle in transaction', query: "UPDATE a SET b = 'x'" }),
    ...Array.from({ length: 500 }, (_, i) => session({ pid: i + 2, blockedBy: [1] })),
  ];
  const [root] = summarizeServer({ sessions }).blockers;
  expect(root).toMatchObject({ waiting: 500, session: { statement: 'UPDATE a SET b = ?' } });
  expect(root?.blocks).toHaveLength(99);
  expect(JSON.stringify(root)).not.toContain("'x'");
});

test('what could not be seen is named, with how to allow it', () => {
  const { notSeen, connections } = summarizeServer({
    limits: { ...known, seesAll: false },
    sessions: [session({ state: null }), session({})],
    refused: { replication: 'permission denied' },
  });
  expect(connections.byState).toEqual({ 'not seen': 1, idle: 1 });
  expect(notSeen).toEqual([
    'what 1 sessions of other roles do: GRANT pg_read_all_stats TO "App" shows it',
    'replication: permission denied',
  ]);
});

test('answers are read as pg gives them', () => {
  expect(limits.parse([])).toBeUndefined();
  expect(
    activity.parse([
      { pid: 7, application: '', state: 'idle', waits_for: 'Client: ClientRead', blocked_by: null },
      { pid: 8, state: 'active', state_millis: 12.5, waits_for: 'Lock: tuple', blocked_by: [7] },
    ]),
  ).toMatchObject([
    { pid: 7, application: null, waitsFor: null, blockedBy: [], stateMillis: null },
    { pid: 8, stateMillis: 12.5, waitsFor: 'Lock: tuple', blockedBy: [7] },
  ]);
  expect(replication.parse([{ own_lag_millis: 40, is_standby: false, name: null }])).toEqual({
    ownLagMillis: 40,
    standbys: [],
    keptBySlot: {},
    timeline: null,
  });
  const standby = { is_standby: true, name: 'r1', state: 'streaming', is_synchronous: true };
  expect(
    replication
      .parse([
        { ...standby, lag_bytes: 0, lag_millis: null },
        { ...standby, lag_bytes: 512, lag_millis: 1_500 },
        { ...standby, state: null, lag_bytes: null, lag_millis: null },
      ])
      .standbys.map(({ lagBytes, lagMillis }) => [lagBytes, lagMillis]),
  ).toEqual([
    [0, 0],
    [512, 1_500],
    [null, null],
  ]);
});

test('pg_stat_statements is asked where it is and counts, in the words of its version', () => {
  const there = { statementsView: 'ext.pg_stat_statements', countsStatements: true };
  const sqlOf = (part: Partial<ServerLimits>) =>
    statements({ ...there, hasExecTime: true, ...part })?.sql;
  expect(sqlOf({})).toContain('total_exec_time');
  expect(sqlOf({ hasExecTime: false })).toContain('mean_time::float8');
  expect(sqlOf({ statementsView: null })).toBeUndefined();
  expect(sqlOf({ countsStatements: false })).toBeUndefined();
});

test.each([
  ['not loaded', { countsStatements: false }, /shared_preload_libraries .* CREATE EXTENSION/],
  [
    'not loaded, though created',
    { countsStatements: false, statementsView: 'pg_stat_statements' },
    /shared_preload_libraries and restart it\.$/,
  ],
  ['not created', {}, /^The server counts them.*CREATE EXTENSION pg_stat_statements\.$/],
  ['there', { statementsView: 'pg_stat_statements' }, null],
])('statements that are %s', (_, part, hint) => {
  const { statementsMissing } = summarizeServer({ limits: { ...known, ...part } });
  if (hint === null) expect(statementsMissing).toBeNull();
  else expect(statementsMissing).toMatch(hint);
});

test('statements that are refused, or not wanted, are missing for that', () => {
  const refused = { statements: 'permission denied' };
  expect(summarizeServer({ limits: known, refused })).toMatchObject({
    statementsMissing: 'The server does not tell them: permission denied',
    notSeen: [],
  });
  expect(summarizeServer({ limits: known, leavesStatements: true }).statementsMissing).toMatch(
    'the option statements is false',
  );
});

test('a standby that was listed and is not any more is lost, with what is kept for it', () => {
  const listed = {
    name: 'walreceiver',
    client: '10.0.0.2',
    state: 'streaming',
    replays: true,
    isSynchronous: false,
    lagBytes: 512,
    lagMillis: 3,
    slot: 'r1',
  };
  const other = { ...listed, client: '10.0.0.3', slot: null };
  const answer = { ownLagMillis: null, timeline: '00000001', keptBySlot: { r1: 4_096 } };
  const replicasAt = (seconds: number, before?: Standbys) => {
    const standbys = follow(before, { ...answer, standbys: [other] }, seconds * 1_000);
    const replication = { ...answer, standbys: [other] };
    return { standbys, replicas: summarizeServer({ replication, standbys }).replicas };
  };
  const known = follow(undefined, { ...answer, standbys: [listed, other] }, 0);
  const there = { name: 'walreceiver at 10.0.0.3', isUp: true, lagBytes: 512, lagMillis: 3 };
  const missing = replicasAt(5, known);
  expect(missing.replicas).toEqual([there, { name: 'walreceiver at 10.0.0.2', isUp: true }]);
  expect(replicasAt(15, missing.standbys).replicas).toEqual([
    there,
    {
      name: 'walreceiver at 10.0.0.2',
      isUp: false,
      lostSince: '1970-01-01T00:00:05.000Z',
      slot: 'r1',
      keptBytes: 4_096,
    },
  ]);
});
