import { describe, expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import reported from './fixtures/reported-errors.json' with { type: 'json' };
import type { DiagnosisKind, Outcome } from './types.ts';

/** An error with fields, as libraries make them. */
function error(message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), fields);
}

/** Prisma's known request error around the adapter's error. */
function prisma(
  code: string,
  message: string,
  originalCode?: string,
  originalMessage?: string,
): Error {
  const cause = { kind: 'postgres', originalCode, originalMessage };
  const driverAdapterError = error('postgres', { name: 'DriverAdapterError', cause });
  return error(message, {
    name: 'PrismaClientKnownRequestError',
    code,
    meta: originalCode === undefined ? {} : { driverAdapterError },
  });
}

function pg(code: string, message: string, fields: object = {}): Error {
  return error(message, { name: 'error', severity: 'ERROR', code, ...fields });
}

function socket(code: string, syscall: string, fields: object = {}): Error {
  return error(`${syscall} ${code} 127.0.0.1:5432`, { code, syscall, errno: -1, ...fields });
}

describe('errors that people reported', () => {
  test.each(reported)('$kind: $text', ({ text, kind }) => {
    expect(diagnose(text).kind).toBe(kind);
    expect(diagnose(new Error(text)).kind).toBe(kind);
  });

  // A word or two is read only as a message of its own, as a sentence may contain it by chance.
  const sentences = reported.filter(({ text }) => text.length > 24);
  test.each(sentences)('in a log line, $kind: $text', ({ text, kind }) => {
    expect(diagnose(`2026-03-01T10:00:00Z [web] failed: ${text}`).kind).toBe(kind);
  });
});

/** What PgBouncer 1.24 to 1.26 says by itself, as its sources have it. */
const FROM_PGBOUNCER = [
  ['no more connections allowed (max_client_conn)', 'pooler-max-clients'],
  ['client connections exceeded (max_db_client_connections)', 'pooler-max-clients'],
  ['client connections exceeded (max_user_client_connections)', 'pooler-max-clients'],
  ['query_wait_timeout', 'pooler-queue-timeout'],
  ['client_login_timeout', 'pooler-queue-timeout'],
  ['client_login_timeout (server down)', 'pooler-cannot-reach-server'],
  ['server DNS lookup failed', 'pooler-cannot-reach-server'],
  ['database "shop" is disabled', 'pooler-cannot-reach-server'],
  ['server login failed: wrong password type', 'pooler-cannot-reach-server'],
  [
    'server login has been failing, cached error: connect failed (server_login_retry)',
    'pooler-cannot-reach-server',
  ],
  ['admin forced disconnect', 'server-terminated'],
  ['database removed', 'server-terminated'],
  ['login rejected', 'authentication'],
  ['no such user', 'authentication'],
  ['LDAP authentication failed', 'authentication'],
  ['"md5" authentication failed', 'authentication'],
  ['error response from auth_query', 'authentication'],
  ['SSL required', 'tls'],
  ['TLS startup failed', 'tls'],
  ['prepared statement did not exist', 'prepared-statement-pooling'],
  ['prepared statement name is already in use', 'prepared-statement-pooling'],
  ['transaction blocks not allowed in statement pooling mode', 'misrouted'],
  ['unsupported startup parameter in options: statement_timeout', 'misrouted'],
  [
    "unsupported options startup parameter: only '-c config=val' and '--config=val' are allowed",
    'misrouted',
  ],
  ['client_idle_timeout', 'stale-connection'],
  ['server conn crashed?', 'stale-connection'],
] as const;

describe.each(FROM_PGBOUNCER)('PgBouncer’s “%s”', (text, kind) => {
  test('as an error, as a client prints it, and in its log', () => {
    expect(diagnose(pg('08P01', text, { severity: 'FATAL' })).kind).toBe(kind);
    expect(diagnose(`psql: error: FATAL:  ${text}`).kind).toBe(kind);
    const log = '2026-11-27 23:18:16.196 UTC [12553]';
    const client = 'C-0x55558d42d500: shop/app@127.0.0.1:33648';
    expect(diagnose(`${log} LOG ${client} closing because: ${text} (age=0s)`).kind).toBe(kind);
    expect(diagnose(`${log} WARNING ${client} pooler error: ${text}`).kind).toBe(kind);
  });
});

test('what is ordinary in other mouths is not PgBouncer’s', () => {
  for (const text of ['no such user', 'login rejected', 'SSL required', 'database removed']) {
    expect(diagnose(new Error(text)).kind).toBe('unknown');
    expect(diagnose(`the answer was: ${text}, and more`).kind).toBe('unknown');
  }
});

test.each([
  ['Server has closed the connection.', 'stale-connection'],
  ['read ECONNRESET', 'stale-connection'],
  ['timeout expired', 'unreachable'],
  ['getaddrinfo ENOTFOUND shop-primary', 'unreachable'],
  ['Error: Too many connections', 'server-max-connections'],
  ['failed to receive message (timeout: context deadline exceeded)', 'stale-connection'],
  [
    'Not connected to the server or the connection to the server has been closed.',
    'stale-connection',
  ],
] as const)('only who knows that it came from the database takes %s for its word', (text, kind) => {
  expect(diagnose(text).kind).toBe('unknown');
  expect(diagnose(text, { fromDatabase: true }).kind).toBe(kind);
});

test.each([
  'connect ECONNREFUSED 127.0.0.1:6379',
  'error: relation "users" does not exist',
  "Error: ENOENT: no such file or directory, open '.env'",
  'Error: listen EADDRINUSE: address already in use :::3000',
])('what is known to come from the database may still be unknown: %s', (text) => {
  expect(diagnose(text, { fromDatabase: true }).kind).toBe('unknown');
});

type Row = readonly [
  what: string,
  input: unknown,
  kind: DiagnosisKind,
  outcome: Outcome,
  transient: boolean,
];

const rows: readonly Row[] = [
  // Pool
  [
    'P2024',
    prisma('P2024', 'Timed out fetching a new connection from the connection pool.'),
    'app-pool-exhausted',
    'not-sent',
    true,
  ],
  [
    'P2024 of an old Prisma',
    error('Timed out', { errorCode: 'P2024' }),
    'app-pool-exhausted',
    'not-sent',
    true,
  ],
  [
    'pg-pool wait',
    error('timeout exceeded when trying to connect'),
    'app-pool-exhausted',
    'not-sent',
    true,
  ],
  [
    'P2024 shed',
    error('x', { code: 'P2024', meta: { reason: 'overloaded' } }),
    'overload-shed',
    'not-sent',
    true,
  ],
  [
    'P2024 self-deadlock',
    error('x', { code: 'P2024', meta: { reason: 'self-deadlock' } }),
    'tx-pool-self-deadlock',
    'not-sent',
    false,
  ],
  [
    'Lifeguard wait',
    error('x', { code: 'LIFEGUARD_POOL_TIMEOUT' }),
    'app-pool-exhausted',
    'not-sent',
    true,
  ],
  [
    'Lifeguard shed',
    error('x', { code: 'LIFEGUARD_POOL_OVERLOADED' }),
    'overload-shed',
    'not-sent',
    true,
  ],
  [
    'Lifeguard closed',
    error('x', { code: 'LIFEGUARD_POOL_CLOSED' }),
    'lifecycle-misuse',
    'not-sent',
    false,
  ],
  [
    'Lifeguard connect',
    error('x', { code: 'LIFEGUARD_CONNECT_TIMEOUT' }),
    'unreachable',
    'not-sent',
    true,
  ],
  [
    'Lifeguard statement',
    error('x', { code: 'LIFEGUARD_STATEMENT_TIMEOUT' }),
    'statement-timeout',
    'failed',
    false,
  ],
  [
    'Lifeguard self-deadlock',
    error('x', { code: 'LIFEGUARD_SELF_DEADLOCK' }),
    'tx-pool-self-deadlock',
    'not-sent',
    false,
  ],
  [
    'Lifeguard options',
    error('x', { code: 'LIFEGUARD_OPTIONS' }),
    'lifecycle-misuse',
    'not-sent',
    false,
  ],
  // Transactions
  [
    'P2028 start',
    prisma('P2028', 'Transaction API error: Unable to start a transaction in the given time.'),
    'tx-start-timeout',
    'not-sent',
    true,
  ],
  [
    'P2028 expired',
    prisma(
      'P2028',
      'Transaction API error: A query cannot be executed on an expired transaction. The timeout for this transaction was 1000 ms, however 3005 ms passed since the start of the transaction.',
    ),
    'tx-expired',
    'failed',
    false,
  ],
  [
    'P2028 committed',
    prisma(
      'P2028',
      'Transaction API error: Transaction already closed: A query cannot be executed on a committed transaction.',
    ),
    'lifecycle-misuse',
    'not-sent',
    false,
  ],
  [
    'P2028 not found',
    prisma(
      'P2028',
      "Transaction API error: Transaction not found. Transaction ID is invalid, refers to an old closed transaction Prisma doesn't have information about anymore",
    ),
    'lifecycle-misuse',
    'not-sent',
    false,
  ],
  [
    'P2028 with other words',
    prisma('P2028', 'Transaction API error: something new'),
    'unknown',
    'unknown',
    false,
  ],
  [
    'aborted transaction',
    prisma(
      'P2039',
      'Database error. Code: `25P02`. Message: `current transaction is aborted, commands ignored until end of transaction block`',
    ),
    'lifecycle-misuse',
    'failed',
    false,
  ],
  [
    'transaction_timeout',
    prisma(
      'P2010',
      'Raw query failed. Code: `25P04`. Message: `terminating connection due to transaction timeout`',
    ),
    'tx-expired',
    'failed',
    false,
  ],
  [
    'idle in transaction',
    pg('25P03', 'terminating connection due to idle-in-transaction timeout'),
    'idle-in-transaction-killed',
    'failed',
    false,
  ],
  [
    'idle in transaction, PgBouncer',
    pg('08P01', 'idle transaction timeout'),
    'idle-in-transaction-killed',
    'failed',
    false,
  ],
  [
    'P2034',
    prisma(
      'P2034',
      'Transaction failed due to a write conflict or a deadlock. Please retry your transaction',
      '40P01',
      'deadlock detected',
    ),
    'write-conflict-deadlock',
    'failed',
    true,
  ],
  [
    'write skew at commit',
    error('TransactionWriteConflict', {
      name: 'DriverAdapterError',
      cause: {
        kind: 'TransactionWriteConflict',
        originalCode: '40001',
        originalMessage:
          'could not serialize access due to read/write dependencies among transactions',
      },
    }),
    'write-conflict-deadlock',
    'failed',
    true,
  ],
  [
    'adapter kind without a code',
    error('x', { name: 'DriverAdapterError', cause: { kind: 'TooManyConnections' } }),
    'server-max-connections',
    'not-sent',
    true,
  ],
  [
    'replica conflict',
    pg('40001', 'canceling statement due to conflict with recovery'),
    'write-conflict-deadlock',
    'failed',
    true,
  ],
  // Server
  [
    'P2010 whose words say nothing',
    prisma('P2010', 'Raw query failed.', '53300', 'x'),
    'server-max-connections',
    'not-sent',
    true,
  ],
  [
    'PgBouncer repeats the server',
    pg(
      '08P01',
      'server login has been failing, cached error: sorry, too many clients already (server_login_retry)',
    ),
    'server-max-connections',
    'not-sent',
    true,
  ],
  [
    'P2037',
    prisma(
      'P2037',
      'Too many database connections opened: sorry, too many clients already',
      '53300',
      'sorry, too many clients already',
    ),
    'server-max-connections',
    'not-sent',
    true,
  ],
  [
    'P2010 around 53300',
    prisma('P2010', 'Raw query failed. Code: `53300`. Message: `sorry, too many clients already`'),
    'server-max-connections',
    'not-sent',
    true,
  ],
  [
    '53300 in another language',
    pg('53300', 'désolé, trop de clients sont déjà connectés'),
    'server-max-connections',
    'not-sent',
    true,
  ],
  [
    'role limit',
    prisma('P2037', 'Too many database connections opened: too many connections for role "pwuser"'),
    'role-connection-limit',
    'not-sent',
    true,
  ],
  [
    'database limit',
    pg('53300', 'too many connections for database "shop"'),
    'role-connection-limit',
    'not-sent',
    true,
  ],
  [
    '57P01',
    prisma(
      'P2039',
      'Database error. Code: `57P01`. Message: `terminating connection due to administrator command`',
    ),
    'server-terminated',
    'unknown',
    true,
  ],
  [
    '57P03',
    prisma('P2039', 'Database error. Code: `57P03`. Message: `the database system is starting up`'),
    'server-starting',
    'not-sent',
    true,
  ],
  // Limits
  [
    '57014',
    prisma(
      'P2010',
      'Raw query failed. Code: `57014`. Message: `canceling statement due to statement timeout`',
    ),
    'statement-timeout',
    'failed',
    false,
  ],
  [
    'cancelled by request',
    pg('57014', 'canceling statement due to user request'),
    'statement-timeout',
    'failed',
    false,
  ],
  ['query_timeout of pg', error('Query read timeout'), 'statement-timeout', 'unknown', false],
  [
    'query_timeout of PgBouncer',
    pg('08P01', 'query timeout'),
    'statement-timeout',
    'unknown',
    false,
  ],
  [
    '55P03',
    prisma(
      'P2039',
      'Database error. Code: `55P03`. Message: `canceling statement due to lock timeout`',
    ),
    'lock-timeout',
    'failed',
    true,
  ],
  // Network
  [
    'P1001',
    prisma('P1001', "Can't reach database server at 127.0.0.1:54399"),
    'unreachable',
    'not-sent',
    true,
  ],
  [
    'P2010 around P1001',
    prisma(
      'P2010',
      "Raw query failed. Code: `N/A`. Message: `Can't reach database server at 127.0.0.1:54399`",
    ),
    'unreachable',
    'not-sent',
    true,
  ],
  ['refused', socket('ECONNREFUSED', 'connect', { port: 5432 }), 'unreachable', 'not-sent', true],
  [
    'refused on both',
    new AggregateError([socket('ECONNREFUSED', 'connect'), socket('ECONNREFUSED', 'connect')]),
    'unreachable',
    'not-sent',
    true,
  ],
  ['timed out while connecting', socket('ETIMEDOUT', 'connect'), 'unreachable', 'not-sent', true],
  [
    'timed out on both, the sum without a call',
    Object.assign(new AggregateError([socket('ETIMEDOUT', 'connect')]), { code: 'ETIMEDOUT' }),
    'unreachable',
    'not-sent',
    true,
  ],
  ['timed out while reading', socket('ETIMEDOUT', 'read'), 'stale-connection', 'unknown', true],
  ['P1008', prisma('P1008', 'Operation has timed out'), 'unreachable', 'unknown', true],
  [
    'P1008 around 57014',
    error('Operation has timed out', {
      code: 'P1008',
      cause: pg('57014', 'canceling statement due to statement timeout'),
    }),
    'statement-timeout',
    'failed',
    false,
  ],
  ['reset', socket('ECONNRESET', 'read'), 'stale-connection', 'unknown', true],
  [
    'P1017',
    prisma('P1017', 'Server has closed the connection.'),
    'stale-connection',
    'unknown',
    true,
  ],
  [
    'P2010 around P1017',
    prisma('P2010', 'Raw query failed. Code: `N/A`. Message: `Server has closed the connection.`'),
    'stale-connection',
    'unknown',
    true,
  ],
  [
    'pg-pool connect',
    error('Connection terminated due to connection timeout', {
      cause: error('Connection terminated unexpectedly'),
    }),
    'stale-connection',
    'not-sent',
    true,
  ],
  [
    'idle_session_timeout',
    pg('57P05', 'terminating connection due to idle-session timeout'),
    'stale-connection',
    'not-sent',
    true,
  ],
  [
    'postgres.js',
    error('write CONNECT_TIMEOUT db.example.com:5432', { code: 'CONNECT_TIMEOUT' }),
    'unreachable',
    'not-sent',
    true,
  ],
  // Poolers
  [
    'max_client_conn',
    prisma(
      'P2039',
      'Database error. Code: `08P01`. Message: `no more connections allowed (max_client_conn)`',
    ),
    'pooler-max-clients',
    'not-sent',
    true,
  ],
  [
    'max_client_conn as 53300',
    pg('53300', 'no more connections allowed (max_client_conn)'),
    'pooler-max-clients',
    'not-sent',
    true,
  ],
  [
    'Supavisor, clients',
    pg('XX000', '(EMAXCLIENTCONN) max client connections reached, limit: 200'),
    'pooler-max-clients',
    'not-sent',
    true,
  ],
  [
    'Supavisor, session',
    pg(
      'XX000',
      'MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size',
    ),
    'pooler-session-mode-limit',
    'not-sent',
    true,
  ],
  [
    'query_wait_timeout',
    prisma('P2039', 'Database error. Code: `08P01`. Message: `query_wait_timeout`'),
    'pooler-queue-timeout',
    'not-sent',
    true,
  ],
  [
    'Supavisor, queue',
    pg('XX000', 'Unable to check out process from the pool due to timeout'),
    'pooler-queue-timeout',
    'not-sent',
    true,
  ],
  [
    'RDS Proxy, queue',
    pg('08000', 'Timed-out waiting to acquire database connection'),
    'pooler-queue-timeout',
    'not-sent',
    true,
  ],
  [
    'server_login_retry',
    pg('08P01', 'server login has been failing, try again later (server_login_retry)'),
    'pooler-cannot-reach-server',
    'not-sent',
    true,
  ],
  [
    'Neon',
    error("Couldn't connect to compute node"),
    'pooler-cannot-reach-server',
    'not-sent',
    true,
  ],
  [
    '42P05',
    prisma(
      'P2039',
      'Database error. Code: `42P05`. Message: `prepared statement "s0" already exists`',
    ),
    'prepared-statement-pooling',
    'failed',
    false,
  ],
  [
    'stale plan',
    pg('0A000', 'cached plan must not change result type'),
    'prepared-statement-pooling',
    'failed',
    true,
  ],
  // Routing and the door
  [
    'startup parameter',
    prisma(
      'P2010',
      'Raw query failed. Code: `08P01`. Message: `unsupported startup parameter: statement_timeout`',
    ),
    'misrouted',
    'not-sent',
    false,
  ],
  [
    'PgBouncer without the database',
    pg('08P01', 'no such database: nodb'),
    'misrouted',
    'not-sent',
    false,
  ],
  [
    'P1003',
    prisma('P1003', 'Database `nope` does not exist on the database server'),
    'misrouted',
    'not-sent',
    false,
  ],
  [
    'read-only',
    pg('25006', 'cannot execute INSERT in a read-only transaction'),
    'misrouted',
    'failed',
    false,
  ],
  ['Supavisor tenant', pg('XX000', 'Tenant or user not found'), 'misrouted', 'not-sent', false],
  [
    'P1000',
    prisma(
      'P1000',
      'Authentication failed against the database server, the provided database credentials for `pwuser` are not valid',
    ),
    'authentication',
    'not-sent',
    false,
  ],
  [
    'pg_hba',
    pg(
      '28000',
      'no pg_hba.conf entry for host "10.0.0.9", user "app", database "shop", no encryption',
    ),
    'authentication',
    'not-sent',
    false,
  ],
  [
    'no password',
    error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'),
    'authentication',
    'not-sent',
    false,
  ],
  [
    'P1011',
    prisma('P1011', 'Error opening a TLS connection: The server does not support SSL connections'),
    'tls',
    'not-sent',
    false,
  ],
  [
    'self-signed',
    error('self-signed certificate in certificate chain', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
    'tls',
    'not-sent',
    false,
  ],
  // Data
  [
    'P2002',
    prisma(
      'P2002',
      'Unique constraint failed on the constraint: `User_email_key`',
      '23505',
      'duplicate key value violates unique constraint "User_email_key"',
    ),
    'constraint',
    'failed',
    false,
  ],
  [
    '23503',
    pg(
      '23503',
      'insert or update on table "Post" violates foreign key constraint "Post_authorId_fkey"',
    ),
    'constraint',
    'failed',
    false,
  ],
  [
    'P2025',
    prisma(
      'P2025',
      'An operation failed because it depends on one or more records that were required but not found.',
    ),
    'not-found',
    'failed',
    false,
  ],
  // Lifecycle
  [
    'pool ended',
    error('Cannot use a pool after calling end on the pool'),
    'lifecycle-misuse',
    'not-sent',
    false,
  ],
  [
    'too many clients made',
    'warn(prisma-client) This is the 10th instance of Prisma Client being started. Make sure this is intentional.',
    'client-leak',
    'unknown',
    false,
  ],
];

describe('errors as objects', () => {
  test.each(rows)('%s', (_what, input, kind, outcome, transient) => {
    expect(diagnose(input)).toMatchObject({ kind, outcome, transient });
  });
});

describe('wrapped errors', () => {
  const full = pg('53300', 'sorry, too many clients already');

  test.each<[string, unknown]>([
    ['cause', new Error('Checkout failed', { cause: full })],
    ['cause of a cause', new Error('a', { cause: new Error('b', { cause: full }) })],
    [
      'Drizzle',
      error('Failed query: select 1\nparams: ', { name: 'DrizzleQueryError', cause: full }),
    ],
    ['Sequelize', error('x', { name: 'SequelizeConnectionError', parent: full, original: full })],
    [
      'TypeORM',
      error(full.message, { name: 'QueryFailedError', code: '53300', driverError: full }),
    ],
    ['Knex', pg('53300', 'select * from "user" - sorry, too many clients already')],
    [
      'Lifeguard',
      error('waited 10000 ms', {
        code: 'LIFEGUARD_POOL_TIMEOUT',
        outcome: 'not-sent',
        cause: full,
      }),
    ],
    [
      'P2024',
      error('Timed out', {
        code: 'P2024',
        cause: prisma('P2037', 'Too many database connections opened'),
      }),
    ],
    ['AggregateError', new AggregateError([full, full])],
    ['a plain object', { error: 1, cause: { code: '53300', message: 'x' } }],
  ])('a full server inside %s', (_what, input) => {
    expect(diagnose(input)).toMatchObject({ kind: 'server-max-connections', outcome: 'not-sent' });
  });

  test('a pool that timed out names the reason, and still sent nothing', () => {
    const timedOut = error('waited', { code: 'P2024', cause: socket('ECONNRESET', 'read') });
    expect(diagnose(timedOut)).toMatchObject({ kind: 'stale-connection', outcome: 'not-sent' });
  });

  test('a cycle ends', () => {
    const a = error('a');
    const b = error('b', { cause: a, parent: b0() });
    Object.assign(a, { cause: b, errors: [a, b] });
    expect(diagnose(a).kind).toBe('app-pool-exhausted');
    function b0(): Error {
      return prisma('P2024', 'Timed out fetching a new connection from the connection pool.');
    }
  });

  test('its own outcome wins', () => {
    expect(diagnose(error('x', { code: 'P2024', outcome: 'unknown' })).outcome).toBe('unknown');
    expect(diagnose(new Error('x', { cause: error('y', { outcome: 'not-sent' }) })).outcome).toBe(
      'not-sent',
    );
    expect(diagnose(error('x', { code: 'P2024', outcome: 'maybe' })).outcome).toBe('not-sent');
  });

  test('errors beside each other: only what is true of all is certain', () => {
    const waited = prisma('P2024', 'x');
    expect(diagnose(new AggregateError([waited, prisma('P2024', 'y')])).outcome).toBe('not-sent');
    for (const other of [new Error('boom'), 'boom', undefined, socket('ECONNRESET', 'read')]) {
      expect(diagnose(new AggregateError([waited, other])).outcome).toBe('unknown');
    }
    const mixed = diagnose(new AggregateError([waited, new Error('boom')]));
    expect(mixed).toMatchObject({ kind: 'app-pool-exhausted', transient: false });
  });
});

describe('texts', () => {
  test.each<[string, string, DiagnosisKind]>([
    ['a code alone', 'P2024', 'app-pool-exhausted'],
    ['a Lifeguard code', 'LIFEGUARD_POOL_TIMEOUT', 'app-pool-exhausted'],
    [
      'a log line of JSON',
      '{"level":50,"err":{"type":"PrismaClientKnownRequestError","code":"P2024","message":"x"}}',
      'app-pool-exhausted',
    ],
    [
      'a printed Prisma error',
      "PrismaClientKnownRequestError: \nInvalid `prisma.user.findMany()` invocation in\n/srv/a.ts:3:4\n\n→ 3 await prisma.user.findMany(\nToo many database connections opened\n  code: 'P2037'",
      'server-max-connections',
    ],
    [
      'a printed pg error',
      "error: x\n    at Parser.parseErrorMessage {\n  severity: 'FATAL',\n  code: '57P03'\n}",
      'server-starting',
    ],
    ['a server log', '2026-01-01 10:00:00 UTC [7] FATAL:  53300: sorry', 'server-max-connections'],
    [
      'a stack with a cause',
      'Error: Checkout failed\n    at a (/srv/a.ts:1:2)\n  [cause]: error: deadlock detected\n    at b (/srv/node_modules/pg/lib/client.js:1:2)',
      'write-conflict-deadlock',
    ],
    ['a refused socket', 'Error: connect ECONNREFUSED 127.0.0.1:5432', 'unreachable'],
    [
      'two sockets, one of them ours',
      'connect ECONNREFUSED 127.0.0.1:6379\nconnect ECONNREFUSED 10.0.0.5:5432',
      'unreachable',
    ],
    [
      'colours',
      '\u001b[31mFATAL:  sorry, too many clients already\u001b[0m',
      'server-max-connections',
    ],
    [
      'psql',
      'psql: error: connection to server at "x", port 5432 failed: FATAL:  database "nope" does not exist',
      'misrouted',
    ],
    [
      'a line of a csv log',
      '2026-01-01 10:00:00 UTC,"app","shop",7,"10.0.0.1:5",1,2,"idle",,,0,FATAL,57P01,"x",,',
      'server-terminated',
    ],
    [
      'a line of a json log',
      '{"error_severity":"FATAL","state_code":"53300","message":"x"}',
      'server-max-connections',
    ],
    [
      'a condition by name',
      'asyncpg.exceptions.TooManyConnectionsError: x',
      'server-max-connections',
    ],
    ['a condition of Ruby', 'PG::TRDeadlockDetected: x', 'write-conflict-deadlock'],
    [
      'a condition of Elixir',
      '** (Postgrex.Error) FATAL 57P03 (cannot_connect_now) x',
      'server-starting',
    ],
    [
      'broken into lines',
      'Timed out fetching a new connection\n   from the connection pool',
      'app-pool-exhausted',
    ],
    [
      'escaped twice',
      '{\\"message\\":\\"prepared statement \\\\\\"s0\\\\\\" does not exist\\"}',
      'prepared-statement-pooling',
    ],
    [
      "a reason in PgBouncer's log",
      'LOG C-0x1: shop/app@10.0.0.1:5 closing because: query_wait_timeout (age=15s)',
      'pooler-queue-timeout',
    ],
    ['no connection, and no reason', 'Error: Failed to connect to the database', 'unreachable'],
    [
      'no connection, and a reason',
      'Failed to connect to the database: password authentication failed for user "app"',
      'authentication',
    ],
    [
      'Neon through psql',
      'psql: error: query_wait_timeout SSL connection has been closed unexpectedly',
      'pooler-queue-timeout',
    ],
  ])('%s', (_what, text, kind) => {
    expect(diagnose(text).kind).toBe(kind);
  });
});

test('a library on the stack shows that a database is spoken of', () => {
  const stack =
    'Error: read ECONNRESET\n    at Client.query (/srv/shop/node_modules/.pnpm/pg@8.16.3/node_modules/pg/lib/client.js:1:1)';
  expect(diagnose(error('read ECONNRESET', { stack })).kind).toBe('stale-connection');
});

describe('what is not a known database error', () => {
  test.each<[string, unknown]>([
    ['a full shop', 'there are too many clients already on the list'],
    ['a promotion', 'promo code `57014` applied'],
    ['a statement of accounts', 'the prepared statement of accounts does not exist'],
    [
      'a bug behind a wrapper',
      'Error: cannot connect to Postgres. Details: pg.Pool is not a function',
    ],
    ['another’s client', 'Error: Redis connection to cache failed - read ETIMEDOUT'],
    ['an HTTP client that waited', 'Operation timed out while fetching the exchange rate'],
    ['the same as an error', new Error('Operation timed out while fetching the exchange rate')],
    ['timeout alone', 'timeout'],
    ['connection alone', 'connection'],
    ['a connection, somehow', 'connection error'],
    ['a timeout, somehow', 'Request timeout of 5000 ms exceeded'],
    [
      'a closed web socket',
      'WebSocket connection closed: Server has closed the connection to client 7',
    ],
    ['a room that is named like a code', 'The meeting moved to room P1001'],
    ['a postal code', 'Error: invalid postal code: P1001'],
    ['a number that is like a state', 'Order 40001 was shipped, invoice 53300'],
    ['a status of HTTP', error('Request failed', { code: 503 })],
    ['fetch', new TypeError('fetch failed', { cause: socket('ECONNREFUSED', 'connect') })],
    ['undici', error('Connect Timeout Error', { code: 'UND_ERR_CONNECT_TIMEOUT' })],
    [
      'axios',
      error('connect ECONNREFUSED 10.0.0.1:8080', { name: 'AxiosError', code: 'ECONNREFUSED' }),
    ],
    [
      'axios as a cause',
      new Error('rate', { cause: error('x', { name: 'AxiosError', code: 'ETIMEDOUT' }) }),
    ],
    ['hang up', error('socket hang up', { code: 'ECONNRESET' })],
    ['Redis', error('connect ECONNREFUSED 127.0.0.1:6379', { code: 'ECONNREFUSED', port: 6379 })],
    ['Redis as text', 'Error: connect ECONNREFUSED 127.0.0.1:6379'],
    [
      'a socket in an application whose folders are named after a database',
      error('read ECONNRESET', {
        stack:
          'Error: read ECONNRESET\n    at rates (/srv/prisma-shop/src/postgres/rates.ts:3:1)\n    at next (/srv/prisma-shop/node_modules/express/lib/router.js:1:1)',
      }),
    ],
    ['another service as text', 'Error: connect ECONNREFUSED 127.0.0.1:3000'],
    ['a socket as text', 'Error: read ECONNRESET'],
    ['a certificate of a web server', 'Error: self-signed certificate'],
    ['a tenant of the application', 'Tenant or user not found'],
    ['a login of the application', 'Password authentication failed for user bob'],
    ['a pool of workers', 'pool is exhausted'],
    ['advice about a setting', 'Consider a lower query_wait_timeout for this pooler'],
    ['a setting', 'set query_timeout: 5'],
    ['a pool of HTTP connections', 'Connection pool is full, discarding connection: localhost'],
    [
      'the normal end of a connection',
      'LOG S-0x1: shop/app@10.0.0.1:5432 closing because: server lifetime over (age=3600s)',
    ],
    ['a number beside a level', 'ERROR: 12345 rows were skipped'],
    ['a syntax error', pg('42601', 'syntax error at or near "FROM"')],
    ['an exception of a function', pg('P0001', 'sorry, too many clients already')],
    [
      'data in a message',
      pg('22P02', 'invalid input syntax for type integer: "sorry, too many clients already"'),
    ],
    [
      'arguments in a message',
      error('Argument `name`: "FATAL: sorry, too many clients already"', {
        name: 'PrismaClientValidationError',
      }),
    ],
    [
      'source code in a message',
      'Invalid `prisma.a.b()` invocation in\n/a.ts:1:2\n\n  1 // sorry, too many clients already\n→ 2 prisma.a.b(\nArgument is missing',
    ],
    [
      'parameters of Drizzle',
      'Failed query: insert into "note" values ($1)\nparams: FATAL: sorry, too many clients already',
    ],
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['an empty error', new Error()],
  ])('%s', (_what, input) => {
    expect(diagnose(input)).toMatchObject({
      kind: 'unknown',
      outcome: 'unknown',
      transient: false,
    });
    expect(diagnose(input).evidence).toBeUndefined();
  });

  test('a code decides before words that may be data', () => {
    const detail = 'Key (note)=(sorry, too many clients already) already exists.';
    const unique = pg('23505', `duplicate key value violates unique constraint "n" ${detail}`, {
      detail,
    });
    expect(diagnose(unique).kind).toBe('constraint');
    expect(
      diagnose(`ERROR:  duplicate key value violates unique constraint "n"\nDETAIL:  ${detail}`)
        .kind,
    ).toBe('constraint');
  });

  test('an unknown code is still told', () => {
    expect(diagnose(pg('42601', 'syntax error')).code).toBe('42601');
    expect(diagnose(error('x', { code: 'hunter2' })).code).toBeUndefined();
  });
});

test('the code that says most is reported', () => {
  expect(diagnose(prisma('P2010', 'Raw query failed. Code: `53300`. Message: `x`')).code).toBe(
    '53300',
  );
  expect(diagnose(prisma('P2024', 'x')).code).toBe('P2024');
  expect(diagnose(socket('ETIMEDOUT', 'connect')).code).toBe('ETIMEDOUT');
});
