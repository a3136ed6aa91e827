import { makePlan } from '../../plan/plan.ts';
import type { Facts } from '../rules/rule.ts';
import { configuration, healthyFacts, session, sessions, settings, table } from './made-up.ts';

/** An outage as it is: a payment call inside a transaction, and everybody waits for its locks. */
export function sickFacts(): Partial<Facts> {
  const holder = session({
    pid: 4711,
    application: 'checkout',
    state: 'idle in transaction',
    stateFor: 252,
    transactionFor: 260,
    statement: 'UPDATE "Stock" SET "free" = "free" - $1 WHERE "productId" = $2',
  });
  const waiting = [4720, 4721, 4722].map((pid, place) =>
    session({
      pid,
      state: 'active',
      waitType: 'Lock',
      statementFor: 40 - place,
      transactionFor: 40 - place,
      blockedBy: [place === 2 ? 4721 : 4711],
      statement: 'UPDATE "Stock" SET "free" = "free" - $1 WHERE "productId" = $2',
    }),
  );
  return {
    ...healthyFacts(),
    settings: settings({ idleInTransactionTimeout: 0, lockTimeout: 0 }),
    sessions: [
      holder,
      ...waiting,
      ...sessions(30, { state: 'idle', stateFor: 20 }),
      ...sessions(12, { state: 'active', statementFor: 0.2, stateFor: 0.2, connectedFor: 7_200 }),
      ...sessions(14, { application: 'reports', user: 'reporting', connectedFor: 90_000 }),
      ...sessions(3, { application: '', user: 'postgres', database: 'postgres', connectedFor: 60 }),
      ...sessions(15, {
        application: 'a service with a very long name indeed',
        user: 'nightly',
        connectedFor: null,
        state: null,
        statement: null,
        stateFor: null,
        statementFor: null,
      }),
    ],
    roles: [{ name: 'app', connectionLimit: 60 }],
    tables: [
      table({
        name: 'public.OrderItem',
        rows: 1_234_567,
        bytes: 345_678_901,
        sequentialScans: 8_300,
        sequentialRows: 8_300 * 1_234_567,
        indexScans: 1_100,
      }),
    ],
    configuration: configuration({
      parameters: { connection_limit: '10', pool_timeout: '120' },
      pool: {
        ...configuration().pool,
        waitMillis: { value: 120_000, origin: 'pool_timeout in DATABASE_URL', isDefault: false },
      },
    }),
    plan: makePlan({
      instances: 4,
      limit: 10,
      limitOrigin: 'connection_limit in DATABASE_URL',
      overlap: 2,
    }),
  };
}
