import { describe, expect, test } from 'vitest';
import type { BlockerSnapshot, ServerSnapshot, SessionSnapshot } from '../server/view.ts';
import { madeUpStats } from '../testing/pool-stats.ts';
import { madeUpServer, madeUpSession } from '../testing/server.ts';
import { detectServerSessions } from './server-sessions.ts';

function find(server: Partial<ServerSnapshot>) {
  return detectServerSessions(madeUpStats(), { server: madeUpServer(server) });
}

const IDLE = { state: 'idle in transaction' };

describe('whoever holds up others', () => {
  const blocker = (session: SessionSnapshot | null, waitMillis: number): BlockerSnapshot => {
    const waiter = madeUpSession({ pid: 12, stateMillis: waitMillis });
    const below = { pid: 12, session: waiter, alsoBlockedBy: [], blocks: [], waiting: 0 };
    return { pid: session?.pid ?? 0, session, alsoBlockedBy: [], blocks: [below], waiting: 1 };
  };

  test.each([
    [1_999, 0],
    [2_000, 1],
  ])('is told of when somebody has waited for %d ms', (millis, incidents) => {
    expect(find({ blockers: [blocker(madeUpSession(IDLE), millis)] })).toHaveLength(incidents);
  });

  test('is named, with what to do', () => {
    const idle = madeUpSession({ ...IDLE, stateMillis: 31_000 });
    expect(find({ blockers: [blocker(idle, 30_000)] })).toMatchObject([
      {
        kind: 'idle-in-transaction',
        title: 'billing holds up 1 session with nothing to do in its transaction',
        evidence: [
          'the longest has waited for 30.0 s',
          'pid 11 of app, idle in transaction for 31.0 s: UPDATE accounts SET balance = ?',
        ],
        remedy: expect.stringContaining('pg_terminate_backend(11)'),
        owner: 'billing',
      },
    ]);
    expect(find({ blockers: [blocker(madeUpSession(), 30_000)] })).toMatchObject([
      { kind: 'slow-statement', title: 'billing holds up 1 session' },
    ]);
  });

  test('may be a prepared transaction', () => {
    expect(find({ blockers: [blocker(null, 9_000)] })[0]?.evidence).toContain(
      'a prepared transaction',
    );
  });

  test('is not told of a second time because it is idle', () => {
    const idle = madeUpSession({ ...IDLE, stateMillis: 90_000 });
    expect(find({ blockers: [blocker(idle, 9_000)], idleInTransaction: [idle] })).toHaveLength(1);
  });
});

test.each([
  ['idleInTransaction', 59_999, []],
  ['idleInTransaction', 60_000, ['billing has been idle in a transaction for 60.0 s']],
  ['longRunning', 59_999, []],
  ['longRunning', 60_000, ['a statement of billing has been running for 60.0 s']],
] as const)('%s for %d ms', (list, stateMillis, titles) => {
  expect(find({ [list]: [madeUpSession({ stateMillis })] }).map(({ title }) => title)).toEqual(
    titles,
  );
});

test('each application once, however many sessions it has; a dump runs long by design', () => {
  const longRunning = [
    madeUpSession({ pid: 1, stateMillis: 70_000 }),
    madeUpSession({ pid: 2, stateMillis: 90_000 }),
    madeUpSession({ pid: 3, application: 'pg_dump', stateMillis: 900_000 }),
  ];
  expect(find({ longRunning }).map(({ title }) => title)).toEqual([
    'a statement of billing has been running for 90.0 s',
  ]);
});

test.each([
  [86, []],
  [88, ['the server has 9 connections left']],
  [99, ['the server has 0 connections left']],
])('%d of 97 connections open', (used, titles) => {
  const { connections } = madeUpServer();
  const byApplication = [
    { application: 'shop', total: 80, active: 2, idle: 78, idleInTransaction: 0 },
  ];
  const found = find({ connections: { ...connections, max: 97, used, byApplication } });
  expect(found.map(({ title }) => title)).toEqual(titles);
  if (titles.length > 0) expect(found[0]?.evidence).toContain('shop has 80, 78 of them idle');
});

test('what is old because the server is gone is no incident', () => {
  const longRunning = [madeUpSession({ stateMillis: 90_000 })];
  expect(find({ longRunning, problem: 'connect ECONNREFUSED' })).toEqual([]);
});
