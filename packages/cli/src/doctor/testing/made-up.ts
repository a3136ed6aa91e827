import type { Address } from '../../connection/address.ts';
import { diagnoseLogin } from '../../connection/diagnose-login.ts';
import { makePlan } from '../../plan/plan.ts';
import type { ConfigurationFacts } from '../configuration/facts.ts';
import { pictureOf } from '../report/picture.ts';
import type { Report } from '../report/report.ts';
import { runRules } from '../report/run-rules.ts';
import { RULES } from '../rules/catalogue.ts';
import type { Facts } from '../rules/rule.ts';
import type {
  DatabaseFact,
  IndexFact,
  ServerIdentity,
  SessionFact,
  Settings,
  TableFact,
} from '../server/facts.ts';
import type { PoolerFacts, PoolerPool } from '../server/pooler.ts';

const DAY = 86_400;
export const NOW = Date.parse('2026-11-27T12:00:00Z');

/** Facts of a server and an application in good health, with what a test says otherwise. */

export function identity(facts: Partial<ServerIdentity> = {}): ServerIdentity {
  return {
    versionNumber: 180_004,
    version: '18.4',
    database: 'shop',
    user: 'app',
    isSuperuser: false,
    seesOthers: true,
    isStandby: false,
    statsAge: 30 * DAY,
    uptime: 40 * DAY,
    ...facts,
  };
}

export function settings(facts: Partial<Settings> = {}): Settings {
  return {
    maxConnections: 100,
    superuserReserved: 3,
    reserved: 0,
    statementTimeout: 30_000,
    lockTimeout: 5_000,
    idleInTransactionTimeout: 10_000,
    transactionTimeout: 60_000,
    autovacuum: true,
    preloadLibraries: 'pg_stat_statements',
    ...facts,
  };
}

let pid = 4_000;
export function session(facts: Partial<SessionFact> = {}): SessionFact {
  return {
    pid: ++pid,
    database: 'shop',
    user: 'app',
    application: 'web',
    address: '10.0.0.7',
    state: 'idle',
    waitType: 'Client',
    connectedFor: 3_600,
    transactionFor: null,
    statementFor: 2,
    stateFor: 2,
    statement: 'SELECT id FROM orders WHERE id = $1',
    blockedBy: [],
    ...facts,
  };
}

export function sessions(count: number, facts: Partial<SessionFact> = {}): SessionFact[] {
  return Array.from({ length: count }, () => session(facts));
}

export function database(facts: Partial<DatabaseFact> = {}): DatabaseFact {
  return {
    name: 'shop',
    connectionLimit: -1,
    transactionAge: 100_000_000,
    multixactAge: 1_000,
    blocksHit: 1_000_000,
    blocksRead: 1_000,
    sessions: 1_000,
    sessionTime: 3_600_000,
    abandoned: 0,
    statsAge: 30 * DAY,
    ...facts,
  };
}

export function table(facts: Partial<TableFact> = {}): TableFact {
  return {
    name: 'public.orders',
    rows: 1_000_000,
    bytes: 100 * 1024 * 1024,
    sequentialScans: 3,
    sequentialRows: 3_000_000,
    indexScans: 500_000,
    deadRows: 1_000,
    changedSinceAnalyze: 1_000,
    analyzedAgo: DAY,
    autovacuumOff: false,
    ...facts,
  };
}

export function index(facts: Partial<IndexFact> = {}): IndexFact {
  const { columns = ['customerId'] } = facts;
  return {
    table: 'public.orders',
    name: 'public.orders_customer',
    signature: JSON.stringify([columns, facts.isPartial]),
    notNullColumn: null,
    method: 'btree',
    columns,
    traits: columns.map(() => 'int4 0 0'),
    isPartial: false,
    includes: false,
    isUnique: false,
    isNeeded: false,
    isValid: true,
    isPartitioned: false,
    partOf: null,
    scans: 1_000,
    bytes: 20 * 1024 * 1024,
    ...facts,
  };
}

export function configuration(facts: Partial<ConfigurationFacts> = {}): ConfigurationFacts {
  const inUrl = (name: string) => ({ origin: `${name} in DATABASE_URL`, isDefault: false });
  return {
    origin: 'DATABASE_URL',
    host: 'db.internal',
    hostKind: 'private',
    port: 5432,
    database: 'shop',
    user: 'app',
    parameters: { connection_limit: '10', pool_timeout: '10', application_name: 'web' },
    pool: {
      max: { value: 10, ...inUrl('connection_limit') },
      waitMillis: { value: 10_000, ...inUrl('pool_timeout') },
      connectMillis: { value: 5_000, origin: 'the default', isDefault: true },
      statementMillis: { value: 0, origin: 'the default', isDefault: true },
    },
    applicationName: 'web',
    declaresPooler: false,
    tls: undefined,
    warnings: [],
    invalid: [],
    overruled: [],
    directUrl: undefined,
    platform: undefined,
    project: {
      folder: '/app',
      reader: 'lifeguard',
      versions: { '@lifeguard/prisma': '0.1.0' },
      waitBoundIn: undefined,
    },
    ...facts,
  };
}

export function pool(facts: Partial<PoolerPool> = {}): PoolerPool {
  return {
    database: 'shop',
    user: 'app',
    clientsActive: 5,
    clientsWaiting: 0,
    serversUsed: 5,
    serversIdle: 5,
    longestWait: 0,
    mode: 'transaction',
    ...facts,
  };
}

export function pooler(facts: Partial<PoolerFacts> = {}): PoolerFacts {
  return {
    version: 'PgBouncer 1.24.0',
    mode: 'transaction',
    settings: {
      mode: 'transaction',
      maxClients: 1_000,
      poolSize: 20,
      reservePoolSize: 0,
      maxDatabaseConnections: 0,
      maxPreparedStatements: 200,
      queryWaitSeconds: 120,
    },
    maxPreparedStatements: 200,
    pools: [pool()],
    refusedParameter: null,
    ...facts,
  };
}

/** Everything seen, nothing wrong. */
export function healthyFacts(): Omit<Facts, 'connectFailure' | 'databaseCores'> {
  return {
    identity: identity(),
    settings: settings(),
    sessions: [
      ...sessions(8),
      ...sessions(2, { state: 'active', stateFor: 0.1, statementFor: 0.1 }),
    ],
    databases: [database()],
    roles: [{ name: 'app', connectionLimit: -1 }],
    tables: [table()],
    indexes: [
      index(),
      index({ name: 'public.orders_pkey', columns: ['id'], isUnique: true, isNeeded: true }),
    ],
    foreignKeys: [
      {
        name: 'orders_customer_fkey',
        table: 'public.orders',
        columns: ['customerId'],
        references: 'customers',
        rows: 1_000_000,
        partitions: [],
      },
    ],
    statements: {
      kind: 'seen',
      statements: [
        {
          text: 'SELECT id FROM orders WHERE id = $1',
          whole: 'SELECT id FROM orders WHERE id = $1',
          calls: 9_000,
          totalMillis: 900,
          meanMillis: 0.1,
          rows: 9_000,
        },
      ],
      allCalls: 30_000,
      allMillis: 5_000,
      age: DAY,
    },
    replication: { replicas: [], standby: null, slots: [] },
    sequences: [
      { name: 'public.orders_id_seq', last: 1_000_000, highest: 2 ** 31 - 1, column: 'orders.id' },
    ],
    preparedTransactions: [],
    churn: { seconds: 1, newSessions: 0 },
    pooler: null,
    configuration: configuration(),
    plan: makePlan({
      instances: 3,
      limit: 10,
      limitOrigin: 'connection_limit in DATABASE_URL',
      overlap: 2,
    }),
    now: NOW,
  };
}

/** As if the server could not be reached. */
export function connectFailure(
  error: Error & { code?: string },
  address: Address = configuration(),
): Facts['connectFailure'] {
  return { at: 'login', said: error.message, diagnosis: diagnoseLogin(error, address) };
}

/** The whole report of made-up facts. */
export function madeUpReport(facts: Partial<Facts>, more: Partial<Report> = {}): Report {
  const results = runRules(RULES, facts, { rules: {} });
  return {
    ...results,
    subject: 'shop at db.internal:5432 (DATABASE_URL)',
    addressFile: 'DATABASE_URL',
    server: facts.identity,
    isUnreachable: facts.connectFailure !== undefined,
    picture: pictureOf(facts),
    unseen: [],
    took: 1.23,
    ...more,
  };
}
