import { bouncerRules, either, type Family, whole } from '../rule.ts';

const CONNECTIONS_DOCS =
  'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS';

const WHO_IS_CONNECTED = `SELECT usename, application_name, state, count(*)
FROM pg_stat_activity WHERE backend_type = 'client backend'
GROUP BY 1, 2, 3 ORDER BY 4 DESC;`;

/** The server is full, ends sessions, or is not up. */
export const server: Family<
  'server-max-connections' | 'role-connection-limit' | 'server-terminated' | 'server-starting'
> = {
  explanations: {
    'server-max-connections': {
      title: 'The database server has no connection slots left',
      meaning:
        'All clients together have opened max_connections sessions, so the server refused a new one. The statement was never sent.',
      causes: [
        'Instances × pool size is more than the server allows; a deploy doubles it for a while.',
        'Serverless functions: each running copy opens its own pool.',
        'Pools left behind by clients that are made more than once (hot reload, one per request).',
        'Other programs use the slots: jobs, migrations, dashboards.',
      ],
      remedies: [
        { title: 'See who holds the slots', language: 'sql', code: WHO_IS_CONNECTED },
        {
          title: 'Share them out: max = (0.75 × max_connections − what others need) / instances',
          language: 'ts',
          code: `const adapter = new PrismaPg({
  connectionString: process.env.DATABASE_URL,
  max: 5, // Prisma 7's stock adapter ignores connection_limit in the URL
});`,
        },
        {
          title: 'With many instances or serverless functions, put a pooler in between',
          language: 'ini',
          code: `[databases]
shop = host=10.0.0.5 dbname=shop
[pgbouncer]
pool_mode = transaction
default_pool_size = 20
max_client_conn = 1000`,
        },
        {
          title:
            'Raising max_connections is the last resort: each session costs memory, a restart is needed, and more at once is rarely faster',
        },
      ],
      outcome: 'not-sent',
      transient: true,
      docs: CONNECTIONS_DOCS,
    },
    'role-connection-limit': {
      title: "The role's or database's own connection limit is reached",
      meaning:
        'The server has slots left, but this role or database may not have more of them. The statement was never sent.',
      causes: [
        'Instances × pool size is more than CONNECTION LIMIT of the role or database.',
        'The hosting plan limits connections for each role.',
        'Several services share one role.',
      ],
      remedies: [
        {
          title: 'See the limits, and who uses them',
          language: 'sql',
          code: `SELECT rolname, rolconnlimit FROM pg_roles WHERE rolconnlimit >= 0;
SELECT datname, datconnlimit FROM pg_database WHERE datconnlimit >= 0;
${WHO_IS_CONNECTED}`,
        },
        {
          title: "Make each instance's pool smaller, or raise the limit if the server has room",
          language: 'sql',
          code: 'ALTER ROLE app CONNECTION LIMIT 40;',
        },
      ],
      outcome: 'not-sent',
      transient: true,
      docs: 'https://www.postgresql.org/docs/current/sql-alterrole.html',
    },
    'server-terminated': {
      title: 'The server ended the session',
      meaning:
        'The server closed this connection: a restart, a failover, an administrator, or a crash. A statement that was running may or may not have taken effect.',
      causes: [
        'A restart, failover, maintenance or scale-to-zero of the database.',
        'pg_terminate_backend, by a person or a tool.',
        'Another server process crashed (often out of memory), and the server reset all sessions.',
      ],
      remedies: [
        {
          title: 'Read again; repeat a write only if doing it twice is harmless',
          language: 'sql',
          code: 'INSERT INTO "Payment" (key, amount) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING;',
        },
        {
          title: 'See when the server started',
          language: 'sql',
          code: 'SELECT pg_postmaster_start_time(), now() - pg_postmaster_start_time() AS up;',
        },
        {
          title:
            "Give your own pool an 'error' listener: without one a lost idle connection ends the process",
          language: 'ts',
          code: "pool.on('error', (error) => logger.warn({ error }, 'idle connection lost'));",
        },
      ],
      outcome: 'unknown',
      transient: true,
      docs: 'https://www.postgresql.org/docs/current/server-shutdown.html',
    },
    'server-starting': {
      title: 'The server is starting, stopping or recovering',
      meaning:
        'The server answers but accepts no sessions at the moment. The statement was never sent.',
      causes: [
        'A restart or failover is under way.',
        'Recovery after a crash.',
        'A replica that is not yet consistent, or has hot_standby off.',
      ],
      remedies: [
        {
          title: 'Wait until it is ready, then go on',
          language: 'sh',
          code: 'until pg_isready -h db.example.com -p 5432; do sleep 1; done',
        },
        { title: 'If it does not end, read the server log: a long recovery says how far it is' },
      ],
      outcome: 'not-sent',
      transient: true,
      docs: 'https://www.postgresql.org/docs/current/app-pg-isready.html',
    },
  },
  rules: [
    {
      kind: 'role-connection-limit',
      text: /too many connections for (?:role|database|user) ["'`«]/i,
    },
    {
      kind: 'server-max-connections',
      codes: ['53300', 'P2037'],
      text: either(
        /sorry, too many clients already/,
        // Where the sentence ends there, or a stack begins
        /(?<!\bare )too many clients already(?! (?!at )\w)/,
        /connection limit exceeded for non-superusers/,
        /remaining connection slots are reserved for/,
        // Redshift
        /connection limit "\d{1,6}" exceeded/,
        // Prisma
        /Too many database connections opened/,
      ),
    },
    {
      // Before the restart that follows it in a log
      kind: 'server-terminated',
      codes: ['57P01', '57P02', '57P04'],
      text: either(
        /terminating connection due to (?:administrator command|unexpected postmaster exit)/,
        /connection (?:was )?terminated (?:by|due to|because of) (?:an )?administrator command/,
        /terminating connection because of crash of another server process/,
        // Pgpool
        /connection to postmaster on DB node \d+ was lost due to pg_terminate_backend/,
        // The server's own log
        /\w process \(PID \d{1,9}\) (?:was terminated by (?:signal|exception)|exited with exit code)/,
        /terminating any other active server processes/,
        /all server processes terminated; reinitializing/,
      ),
    },
    {
      kind: 'server-starting',
      codes: ['57P03'],
      text: either(
        /the database system is (?:starting up|shutting down|in recovery mode|not (?:yet )?accepting connections)/,
        // The server's own log
        /database system was (?:not properly shut down; automatic recovery|interrupted; last known up)/,
        /received (?:fast|smart|immediate) shutdown request/,
        // Aurora's Data API
        /\bDatabaseResumingException\b|is resuming after being auto-paused/,
        // pg_isready, repmgr
        /:\d{2,5} - rejecting connections|\bPQPING_REJECT\b/,
      ),
    },
    { kind: 'server-terminated', text: whole(/Backend has been terminated/) },
    ...bouncerRules(
      'server-terminated',
      [/admin forced disconnect/, /database removed/, /KILL command issued/, /KILL_CLIENT/],
      {
        title: 'PgBouncer’s administrator has cut the connection',
        causes: [
          'KILL or KILL_CLIENT on its console.',
          'RELOAD after the database was taken out of pgbouncer.ini.',
        ],
        remedies: [
          {
            title: 'After KILL it lets nobody in until, on its console',
            language: 'sql',
            code: 'RESUME shop;',
          },
        ],
        docs: 'https://www.pgbouncer.org/usage.html#process-controlling-commands',
      },
    ),
    {
      // Supavisor lost its own connection to the server.
      kind: 'server-terminated',
      text: either(
        /\(EDBHANDLEREXITED\)/,
        /connection to database closed\. Check logs for more information/,
        /\{:shutdown, :db_termination\}/,
      ),
    },
  ],
};
