import { bouncer, bouncerRules, either, type Family, whole } from '../rule.ts';

const PGBOUNCER_DOCS = 'https://www.pgbouncer.org/config.html';

const SHOW_POOLS = `psql -h pooler.example.com -p 6432 -U pgbouncer pgbouncer -c "SHOW POOLS"
# cl_waiting > 0 with sv_idle = 0: all server connections are taken`;

/** PgBouncer, Supavisor, RDS Proxy, Neon's proxy, Pgpool, Odyssey: what stands between application and server. */
export const pooler: Family<
  | 'pooler-max-clients'
  | 'pooler-session-mode-limit'
  | 'pooler-queue-timeout'
  | 'pooler-cannot-reach-server'
> = {
  explanations: {
    'pooler-max-clients': {
      title: 'The pooler accepts no more clients',
      meaning:
        'The applications have opened as many connections to the pooler as it allows. The statement was never sent.',
      causes: [
        'Instances × pool size is more than max_client_conn of the pooler or of the hosting plan.',
        'Serverless functions whose frozen copies keep their connections.',
        'Clients are made more than once per process.',
      ],
      remedies: [
        {
          title: 'Count the clients by origin',
          language: 'sh',
          code: 'psql -h pooler.example.com -p 6432 -U pgbouncer pgbouncer -c "SHOW CLIENTS"',
        },
        {
          title:
            'Clients cost a pooler little: raise their number, not the number of server connections',
          language: 'ini',
          code: `[pgbouncer]
max_client_conn = 2000   ; also raise the open-files limit
default_pool_size = 20   ; leave this to the size of the server`,
        },
        {
          title: 'In serverless functions open one connection and give it up soon',
          language: 'ts',
          code: 'new PrismaPg({ connectionString, max: 1, idleTimeoutMillis: 5_000 });',
        },
      ],
      outcome: 'not-sent',
      transient: true,
      docs: PGBOUNCER_DOCS,
    },
    'pooler-session-mode-limit': {
      title: "The pooler's session mode is full",
      meaning:
        'In session mode each client takes a server connection for as long as it is connected, and pool_size of them are taken. The statement was never sent.',
      causes: [
        'The URL names the session-mode port (Supabase: 5432 of the pooler) instead of transaction mode (6543).',
        'Instances × pool size is more than pool_size.',
      ],
      remedies: [
        {
          title: 'Use transaction mode for the application; keep session mode for migrations',
          language: 'url',
          code: 'postgresql://postgres.PROJECT:PASSWORD@aws-0-REGION.pooler.supabase.com:6543/postgres',
        },
        {
          title: 'If it must be session mode, keep instances × max under pool_size',
          language: 'ts',
          code: 'new PrismaPg({ connectionString, max: 2 });',
        },
      ],
      outcome: 'not-sent',
      transient: true,
      docs: 'https://supabase.com/docs/guides/database/connecting-to-postgres',
    },
    'pooler-queue-timeout': {
      title: 'The pooler had no server connection free in time',
      meaning:
        'The pooler was reached, but all its connections to the server stayed busy for as long as it lets clients wait. The statement was never sent.',
      causes: [
        'Long transactions: in transaction mode each keeps a server connection to its end.',
        'Slow statements, or more traffic than the pool serves.',
        'default_pool_size is small, or the server is full and the pooler cannot open more.',
        'Session mode, or features that pin a connection (RDS Proxy: SET, prepared statements, temporary tables).',
      ],
      remedies: [
        { title: 'Look at the pools', language: 'sh', code: SHOW_POOLS },
        {
          title: 'Find the transactions that hold server connections',
          language: 'sql',
          code: `SELECT pid, state, now() - xact_start AS in_transaction, left(query, 80) AS last_statement
FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() ORDER BY xact_start;`,
        },
        {
          title: 'If they are short and the server has slots and idle cores, give the pooler more',
          language: 'ini',
          code: `[pgbouncer]
default_pool_size = 30
query_wait_timeout = 15   ; fail before your callers give up; the default is 120`,
        },
      ],
      outcome: 'not-sent',
      transient: true,
      docs: PGBOUNCER_DOCS,
    },
    'pooler-cannot-reach-server': {
      title: 'The pooler cannot connect to the database',
      meaning:
        'The pooler was reached, but its own connection to the server fails. The statement was never sent.',
      causes: [
        'The server is down, restarting, failing over or asleep.',
        'The server refuses the pooler: it is full, or the password that the pooler has is wrong.',
        'Wrong host or port in the pooler, or a firewall between the two.',
      ],
      remedies: [
        {
          title: 'Try from the machine of the pooler, with its credentials',
          language: 'sh',
          code: 'psql "host=10.0.0.5 port=5432 dbname=shop user=app" -c "select 1"',
        },
        { title: "Read the pooler's log: it repeats the server's own words" },
        {
          title: 'After an outage let PgBouncer try again sooner',
          language: 'ini',
          code: `[pgbouncer]
server_login_retry = 2   ; seconds, default 15
server_connect_timeout = 5`,
        },
      ],
      outcome: 'not-sent',
      transient: true,
      docs: PGBOUNCER_DOCS,
    },
  },
  rules: [
    {
      kind: 'pooler-session-mode-limit',
      text: either(
        /\bEMAXCONNSESSION\b/,
        /\bMaxClientsInSessionMode\b/,
        /max clients reached in session mode/,
      ),
    },
    {
      kind: 'pooler-max-clients',
      text: either(
        // PgBouncer
        /no more connections allowed \(max_client_conn\)/,
        /client connections exceeded \(max_(?:db|user)_client_connections\)/,
        // Supavisor
        /\bEMAX(?:CLIENT|PROXY)?CONN\b/,
        // Odyssey
        /too many tcp connections \(global client_max/,
        // Neon
        /Failed to acquire permit to connect to the database/,
        /Too many connections (?:to this endpoint\. Please try again|attempts)/,
      ),
    },
    {
      kind: 'pooler-max-clients',
      text: whole(/max pools count reached/, /no more connections allowed/),
    },
    {
      // Supavisor
      kind: 'pooler-max-clients',
      needsDatabase: true,
      text: /Max client connections reached/i,
    },
    { kind: 'pooler-queue-timeout', text: whole(/query_wait_timeout/) },
    ...bouncerRules('pooler-queue-timeout', [
      /query_wait_timeout/,
      /client_login_timeout(?! \(server down\))/,
    ]),
    {
      // A notice of PgBouncer 1.25 and later, at query_wait_notify.
      kind: 'pooler-queue-timeout',
      text: /No server connection available in postgres backend, client being queued/,
      variant: {
        title: 'A statement waits in the pooler for a server connection',
        meaning:
          'The pooler was reached, but all its connections to the server are busy. The statement was not sent yet; at query_wait_timeout it is refused.',
      },
    },
    ...bouncerRules(
      'pooler-cannot-reach-server',
      [/database "[^"\n]{1,63}" is disabled/, /database does not allow connections: [^\n(]{1,63}/],
      {
        title: 'PgBouncer’s administrator has closed the database',
        meaning: 'DISABLE was given on its console: new clients are refused. Nothing was sent.',
        causes: ['Maintenance that has not ended, or whose end was forgotten.'],
        remedies: [{ title: 'On PgBouncer’s console', language: 'sql', code: 'ENABLE shop;' }],
        docs: 'https://www.pgbouncer.org/usage.html#process-controlling-commands',
      },
    ),
    {
      kind: 'pooler-queue-timeout',
      text: either(
        // Supavisor
        /\bECHECKOUTTIMEOUT\b/,
        /unable to check out (?:process|connection) from the pool/,
        // RDS Proxy
        /Timed-out waiting to acquire database connection/,
        // PgCat
        /could not get connection from (?:the )?pool\b[^\n]{0,200}AllServersDown/,
      ),
    },
    {
      kind: 'pooler-cannot-reach-server',
      codes: ['P6008'],
      text: either(
        // PgBouncer
        /pgbouncer cannot connect to server/,
        /server login (?:has been failing|failed(?!: FATAL:? password authentication))/,
        /server DNS lookup failed/,
        /\(server_login_retry\)/,
        /client_login_timeout \(server down\)/,
        // Supavisor
        /Connection failed \{:error, :\w+\}/,
        /auth_query connection failed|Subscribe error: \{:error, :worker_not_found\}/,
        /\(ECIRCUITBREAKER\)(?![^\n]*authentication)/,
        // Neon
        /Couldn't connect to compute node/,
        /Control plane request failed/,
        /The endpoint has been disabled\. Enable it using/,
        // Pgpool
        /failed to create a backend \d+ connection|failed to make persistent db connection/,
        /all backend nodes are down, pgpool requires/,
        // Accelerate, Odyssey, PgCat
        /Accelerate was not able to connect to your database/,
        /odyssey: [^\n]{0,100}failed to connect to remote server/,
        /Error reading [^\n]{1,60} on server startup/,
      ),
    },
    {
      kind: 'pooler-cannot-reach-server',
      within: ['08P01'],
      text: whole(
        /connect failed/,
        /connect timeout/,
        /server refused SSL/,
        /cannot connect[^\n]{0,80}/,
      ),
    },
    {
      kind: 'pooler-cannot-reach-server',
      needsDatabase: true,
      text: bouncer(/connect failed/, /connect timeout/, /server refused SSL/),
    },
    {
      // PgBouncer's log
      kind: 'pooler-cannot-reach-server',
      text: /\bWARNING (?:DNS lookup failed: |sbuf_connect failed: )/i,
    },
  ],
};
