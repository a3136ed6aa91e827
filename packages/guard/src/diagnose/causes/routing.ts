import { bouncerRules, either, type Family } from '../rule.ts';

/** The connection works but leads to something else than was meant. */
export const routing: Family<'misrouted'> = {
  explanations: {
    misrouted: {
      title: 'The connection leads to the wrong place',
      meaning:
        'Something answered, but it is not the database that the URL should name. Nothing was run.',
      causes: [
        'Wrong database, project or endpoint in the URL.',
        'The environment variable of another stage.',
        'A pooler that has no entry for this database.',
      ],
      remedies: [
        {
          title: 'Ask where the URL leads',
          language: 'sh',
          code: 'psql "$(echo "$DATABASE_URL" | cut -d? -f1)" -c "select current_database(), current_user, inet_server_addr(), pg_is_in_recovery()"',
        },
        {
          title: 'See which databases are there',
          language: 'sql',
          code: 'SELECT datname FROM pg_database WHERE NOT datistemplate;',
        },
      ],
      outcome: 'not-sent',
      transient: false,
      docs: 'https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS',
    },
  },
  rules: [
    {
      kind: 'misrouted',
      codes: ['25006'],
      text: either(
        /cannot execute [A-Z][A-Z ]{1,60} (?:in a read-only transaction|during recovery)/,
        // libpq's target_session_attrs
        /failed: (?:session is read-only|server is in hot standby mode)/,
      ),
      variant: {
        title: 'A write reached a read-only server',
        meaning: 'The session is read-only: most often a replica. The write was refused.',
        causes: [
          'The URL names a replica or a reader endpoint, or after a failover the old primary.',
          'The transaction is READ ONLY, or default_transaction_read_only is on (some hosts set it when the disk is full).',
        ],
        remedies: [
          {
            title: 'Ask which it is',
            language: 'sql',
            code: "SELECT pg_is_in_recovery() AS replica, current_setting('default_transaction_read_only') AS read_only;",
          },
          {
            title: 'Send writes to the primary, also in a URL of several hosts',
            language: 'sh',
            code: 'psql "postgresql://app@db1.example.com,db2.example.com/shop?target_session_attrs=read-write" -c "select 1"',
          },
        ],
        outcome: 'failed',
        docs: 'https://www.postgresql.org/docs/current/hot-standby.html',
      },
    },
    {
      kind: 'misrouted',
      text: /unsupported startup parameter(?: in options)?: \w+|unsupported options startup parameter|RDS Proxy currently doesn.t support command-line options/i,
      variant: {
        title: 'The pooler refuses a setting in the connection',
        meaning:
          'statement_timeout, options and the like are settings for PostgreSQL; here they reached a pooler, which refuses to connect. Nothing was run.',
        causes: [
          'The URL or the pool options carry a server setting, and the host is now a pooler.',
        ],
        remedies: [
          {
            title: 'Set it on the role instead: that holds through a pooler too',
            language: 'sql',
            code: "ALTER ROLE app SET statement_timeout = '10s';",
          },
          {
            title: 'Or let PgBouncer ignore it, which then has no effect',
            language: 'ini',
            code: `[pgbouncer]
ignore_startup_parameters = extra_float_digits,statement_timeout`,
          },
        ],
        docs: 'https://www.pgbouncer.org/config.html#ignore_startup_parameters',
      },
    },

    ...bouncerRules('misrouted', [/transaction blocks not allowed in statement pooling mode/], {
      title: 'The pooler is in statement mode, which has no transactions',
      meaning:
        'In statement mode each statement may run on another server connection, so BEGIN is refused. Nothing was run.',
      causes: ['pool_mode = statement, for all or for this database or user.'],
      remedies: [
        {
          title: 'Use transaction mode',
          language: 'ini',
          code: `[pgbouncer]
pool_mode = transaction`,
        },
      ],
      docs: 'https://www.pgbouncer.org/features.html',
    }),
    {
      kind: 'misrouted',
      codes: ['3D000', 'P1003', 'P6001'],
      text: either(
        /(?:FATAL|error):? database "[^"\n]{1,63}" does not exist/,
        /Database `[^`\n]{1,63}` does not exist/,
      ),
    },
    {
      // PgBouncer, PgCat, Odyssey
      kind: 'misrouted',
      needsDatabase: true,
      text: either(
        /\bno such database: [\w.-]{1,63}/,
        /No pool configured for database: /,
        /route for '[^'\n]{1,127}' is not found/,
      ),
    },
    {
      // Supavisor, Neon
      kind: 'misrouted',
      needsDatabase: true,
      text: either(
        /Tenant (?:or user )?not found/,
        /\(ENOTFOUND\) tenant\/user \S+/,
        /no tenant identifier provided/,
        /Endpoint ID is not specified/,
        /The requested endpoint could not be found, or you don't have access/,
      ),
      variant: {
        meaning:
          'The host is a shared proxy, and what the user name or host name says about the project leads nowhere. Nothing was run.',
        causes: [
          'The user name lacks the project (Supabase: postgres.PROJECT), or the region of the host is another one.',
          'The client sends no host name in TLS (SNI), which Neon needs.',
          'The project is paused or deleted.',
        ],
        remedies: [
          {
            title: 'Copy the URL anew from the provider and compare user, host and port',
            language: 'url',
            code: 'postgresql://postgres.PROJECT:PASSWORD@aws-0-REGION.pooler.supabase.com:6543/postgres',
          },
        ],
      },
    },
    {
      kind: 'misrouted',
      text: either(
        // tokio-postgres, libpq
        /received invalid response: [0-9a-f]{2}\b/,
        /received invalid response to SSL negotiation/,
        /expected authentication request from server, but received/,
        /unexpected response from server; first received character was/,
      ),
      variant: {
        causes: [
          'The port belongs to something that does not speak PostgreSQL: an HTTP server, MySQL, a health check.',
        ],
      },
    },
  ],
};
