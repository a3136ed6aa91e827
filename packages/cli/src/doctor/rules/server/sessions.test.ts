import { describe, expect, test } from 'vitest';
import { makePlan } from '../../../plan/plan.ts';
import { askRule, severityOf } from '../../testing/ask-rule.ts';
import { configuration, healthyFacts, session, sessions, settings } from '../../testing/made-up.ts';

describe('server-full', () => {
  test.each([
    [77, undefined],
    [78, 'warning'],
    [87, 'warning'],
    [88, 'critical'],
    [97, 'critical'],
  ])('%d of 97: %s', (used, severity) => {
    expect(severityOf('server-full', { sessions: sessions(used) })).toBe(severity);
  });

  test('what is reserved for roles counts, too', () => {
    const facts = { sessions: sessions(77), settings: settings({ reserved: 5 }) };
    expect(severityOf('server-full', facts)).toBe('warning');
  });

  test('a name with a quote in it is no hole', () => {
    const [finding] = askRule('server-full', { sessions: sessions(97, { user: "o'neil" }) });
    expect(finding?.remedies[0]?.code).toContain("usename = 'o''neil'");
    expect(finding?.title).toBe('All 97 connections that the server offers are taken');
  });
});

describe('plan-exceeds-server', () => {
  const plan = (instances: number, limit = 10, overlap = 2) =>
    makePlan({ instances, limit, overlap, limitOrigin: 'connection_limit in DATABASE_URL' });
  const others = sessions(20, { application: 'other', user: 'other' });

  test.each([
    [2, undefined],
    [3, 'warning'],
    [4, 'critical'],
  ])('%d instances beside 20 of others: %s', (instances, severity) => {
    expect(severityOf('plan-exceeds-server', { plan: plan(instances), sessions: others })).toBe(
      severity,
    );
  });

  test('its own sessions are part of the plan, not beside it', () => {
    expect(
      severityOf('plan-exceeds-server', { plan: plan(3), sessions: sessions(60) }),
    ).toBeUndefined();
  });

  test('without a name they are told by user and database', () => {
    const unnamed = configuration({ applicationName: undefined });
    const facts = { plan: plan(3), configuration: unnamed, sessions: [...sessions(40), ...others] };
    expect(askRule('plan-exceeds-server', facts)[0]?.evidence[1]).toContain(
      '− 20 in use by others',
    );
  });

  test('proposes what fits, or a pooler where nothing does', () => {
    expect(
      askRule('plan-exceeds-server', { plan: plan(4), sessions: others })[0]?.remedies[0]?.code,
    ).toBe('?connection_limit=7');
    expect(
      askRule('plan-exceeds-server', { plan: plan(60, 1), sessions: others })[0]?.remedies[0]?.code,
    ).toBe('?pgbouncer=true');
  });

  test('a fraction of an overlap', () => {
    expect(plan(3, 10, 1.25).connections).toBe(38);
  });
});

describe('role-limit and database-limit', () => {
  const limited = (connectionLimit: number) => ({ roles: [{ name: 'app', connectionLimit }] });
  const small = makePlan({ instances: 1, limit: 2, limitOrigin: 'x', overlap: 1 });

  test.each([
    [-1, undefined],
    [13, undefined],
    [12, 'warning'],
    [10, 'critical'],
    [0, 'critical'],
  ])('10 used of %d: %s', (limit, severity) => {
    expect(severityOf('role-limit', { ...limited(limit), plan: small })).toBe(severity);
  });

  test('a plan beyond it is critical before anybody has noticed', () => {
    expect(askRule('role-limit', limited(50))[0]).toMatchObject({
      severity: 'critical',
      title: 'Role app may have 50 connections, and the plan needs 60',
      remedies: [{ code: '?connection_limit=6' }],
    });
  });

  test('a higher limit is proposed only where the server has the room', () => {
    const facts = { ...limited(12), plan: small };
    expect(askRule('role-limit', facts)[0]?.remedies[1]?.code).toBe(
      'ALTER ROLE app CONNECTION LIMIT 24;',
    );
    const narrow = { ...facts, settings: settings({ maxConnections: 20 }) };
    expect(askRule('role-limit', narrow)[0]?.remedies).toHaveLength(1);
  });

  test('a database that is being dropped has no limit', () => {
    const [database] = healthyFacts().databases;
    expect(
      severityOf('database-limit', { databases: [{ ...database!, connectionLimit: -2 }] }),
    ).toBeUndefined();
    expect(
      severityOf('database-limit', { databases: [{ ...database!, connectionLimit: 10 }] }),
    ).toBe('critical');
  });
});

describe('idle-in-transaction', () => {
  const idle = (stateFor: number | null, count = 1) =>
    sessions(count, { state: 'idle in transaction', stateFor, transactionFor: stateFor });

  test.each([
    [idle(9), undefined],
    [idle(10), 'warning'],
    [idle(60), 'critical'],
    [idle(10, 5), 'critical'],
    [idle(null), undefined],
    [[session({ state: 'idle in transaction (aborted)', stateFor: 70 })], 'critical'],
    [[session({ state: 'idle', stateFor: 7_000 })], undefined],
  ])('%#: %s', (found, severity) => {
    expect(severityOf('idle-in-transaction', { sessions: found })).toBe(severity);
  });
});

describe('blocked-sessions', () => {
  const waits = (pid: number, by: number[], statementFor: number) =>
    session({ pid, state: 'active', waitType: 'Lock', statementFor, blockedBy: by });
  const holder = session({ pid: 1, state: 'active', statementFor: 50, transactionFor: 90 });

  test.each([
    [[waits(2, [1], 4)], undefined],
    [[waits(2, [1], 5)], 'warning'],
    [[waits(2, [1], 30)], 'critical'],
    [[waits(2, [1], 5), waits(3, [2], 1), waits(4, [2], 1)], 'critical'],
  ])('%#: %s', (waiting, severity) => {
    expect(severityOf('blocked-sessions', { sessions: [holder, ...waiting] })).toBe(severity);
  });

  test('who runs something is asked to stop it, not to go', () => {
    const [finding] = askRule('blocked-sessions', { sessions: [holder, waits(2, [1], 9)] });
    expect(finding?.remedies[0]?.code).toBe('SELECT pg_cancel_backend(1);');
  });

  test('a prepared transaction has no session to end', () => {
    const [finding] = askRule('blocked-sessions', { sessions: [waits(2, [0], 9)] });
    expect(finding?.evidence[0]).toBe('a prepared transaction');
    expect(finding?.remedies[0]?.code).toContain('pg_prepared_xacts');
  });

  test('a circle ends, and somebody who waits for two stands once', () => {
    const circle = [waits(2, [3], 9), waits(3, [2], 9), waits(4, [2, 3], 9)];
    const [finding] = askRule('blocked-sessions', { sessions: circle });
    expect(finding?.evidence).toHaveLength(3);
  });

  test('a holder that is not in sight is told by its number', () => {
    const [finding] = askRule('blocked-sessions', { sessions: [waits(2, [77], 9)] });
    expect(finding?.evidence[0]).toBe('pid 77');
  });
});

describe('long statements and transactions', () => {
  test.each([
    [session({ state: 'active', statementFor: 59 }), undefined, undefined],
    [session({ state: 'active', statementFor: 60, transactionFor: 60 }), 'warning', undefined],
    [session({ state: 'active', statementFor: 400, transactionFor: 400 }), 'warning', undefined],
    [
      session({ state: 'active', statementFor: 400, statement: 'VACUUM orders' }),
      'info',
      undefined,
    ],
    [session({ state: 'active', statementFor: 400, blockedBy: [1] }), undefined, undefined],
    [session({ state: 'active', statementFor: 1, transactionFor: 299 }), undefined, undefined],
    [session({ state: 'active', statementFor: 1, transactionFor: 300 }), undefined, 'warning'],
    [
      session({
        state: 'active',
        statementFor: 1,
        transactionFor: 300,
        statement: 'COPY t TO STDOUT',
      }),
      undefined,
      'info',
    ],
    [
      session({ state: 'idle in transaction', stateFor: 300, transactionFor: 300 }),
      undefined,
      undefined,
    ],
  ])('%#', (one, statement, transaction) => {
    expect(severityOf('long-running-statement', { sessions: [one] })).toBe(statement);
    expect(severityOf('long-transaction', { sessions: [one] })).toBe(transaction);
  });
});

describe('idle-connections', () => {
  test.each([
    [38, undefined],
    [39, 'warning'],
  ])('%d of 97 idle for ten minutes: %s', (count, severity) => {
    expect(severityOf('idle-connections', { sessions: sessions(count, { stateFor: 600 }) })).toBe(
      severity,
    );
    expect(
      severityOf('idle-connections', { sessions: sessions(count, { stateFor: 599 }) }),
    ).toBeUndefined();
  });
});

test('many-connections', () => {
  expect(severityOf('many-connections', { sessions: sessions(499) })).toBeUndefined();
  expect(severityOf('many-connections', { sessions: sessions(500) })).toBe('warning');
});

describe('limits-not-set', () => {
  test('all set: nothing to say', () => {
    expect(severityOf('limits-not-set', {})).toBeUndefined();
  });

  test('info, and a warning where one would end something just now', () => {
    const without = {
      settings: settings({ idleInTransactionTimeout: 0, transactionTimeout: null }),
    };
    expect(askRule('limits-not-set', without)[0]).toMatchObject({
      severity: 'info',
      subjects: ['idle_in_transaction_session_timeout'],
    });
    const idle = sessions(1, { state: 'idle in transaction', stateFor: 10 });
    expect(severityOf('limits-not-set', { ...without, sessions: idle })).toBe('warning');
  });

  test('one that nobody wants is left out', () => {
    const without = { settings: settings({ lockTimeout: 0 }) };
    expect(
      askRule('limits-not-set', without, { 'limits-not-set': { ignore: ['lock_*'] } }),
    ).toEqual([]);
  });
});

describe('connection-churn', () => {
  test.each([
    [{ seconds: 2, newSessions: 9 }, undefined],
    [{ seconds: 2, newSessions: 10 }, 'warning'],
  ])('%j: %s', (churn, severity) => {
    expect(severityOf('connection-churn', { churn })).toBe(severity);
  });

  test('on average since the statistics were reset', () => {
    const [database] = healthyFacts().databases;
    const busy = { ...database!, sessions: 10_000, sessionTime: 50_000, statsAge: 5_000 };
    expect(severityOf('connection-churn', { databases: [busy] })).toBe('info');
    expect(
      severityOf('connection-churn', { databases: [{ ...busy, sessionTime: 500_000 }] }),
    ).toBeUndefined();
    expect(
      severityOf('connection-churn', { databases: [{ ...busy, sessions: null }] }),
    ).toBeUndefined();
  });
});
