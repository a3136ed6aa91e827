import { bouncer, bouncerRules, either, type Family } from '../rule.ts';
import { CLIENT_CERTIFICATE } from './tls.ts';

/** Refused at the door. */
export const security: Family<'authentication'> = {
  explanations: {
    authentication: {
      title: 'The server refused the login',
      meaning:
        'The user, its password or its right to connect was refused. The statement was never sent.',
      causes: [
        'Wrong or rotated password, or one that is not URL-encoded (@ : / # % must be).',
        'The variable is not set, so no password or another user was used.',
        'pg_hba.conf has no entry for this host, user and database.',
        'The role does not exist, or may not connect to this database.',
      ],
      remedies: [
        {
          title: 'Try the very same URL by hand',
          language: 'sh',
          code: 'psql "$(echo "$DATABASE_URL" | cut -d? -f1)" -c "select current_user" # without the parameters that only Prisma knows',
        },
        {
          title: 'URL-encode the password',
          language: 'sh',
          code: `node -p 'encodeURIComponent(process.env.PGPASSWORD)'`,
        },
        {
          title: 'Set it anew',
          language: 'sh',
          code: "psql -d shop -c '\\password app'",
        },
      ],
      outcome: 'not-sent',
      transient: false,
      docs: 'https://www.postgresql.org/docs/current/client-authentication-problems.html',
    },
  },
  rules: [
    ...bouncerRules('authentication', [
      /login rejected/,
      /no such user/,
      /(?:LDAP|PAM|SASL|certificate|password|"\w{1,30}") authentication failed/,
      /no authentication method is found/,
      /unix socket login rejected/,
      /error response from auth_query/,
      /(?:expected 2 columns|unexpected response) from auth_query[^\n]{0,20}/,
    ]),
    {
      kind: 'authentication',
      text: either(/\bcertificate authentication failed for user/),
      variant: CLIENT_CERTIFICATE,
    },
    {
      kind: 'authentication',
      text: /(?:no pg_hba\.conf entry|pg_hba\.conf rejects(?: replication)? connection) for [^\n]{0,200}?(?:no encryption|SSL off)/i,
      variant: {
        causes: [
          'The server takes only encrypted connections, and this one was not.',
          'pg_hba.conf has no entry for this host, user and database.',
        ],
        remedies: [
          {
            title: 'Connect with TLS',
            language: 'url',
            code: 'postgresql://app@db.example.com:5432/shop?sslmode=require',
          },
          {
            title: 'Or allow this host, user and database on the server, and reload it',
            language: 'ini',
            code: 'hostssl  shop  app  10.0.0.0/16  scram-sha-256',
          },
        ],
      },
    },
    {
      kind: 'authentication',
      text: either(
        /client password must be a (?:non-empty )?string/,
        // libpq, PgBouncer, JDBC, Npgsql
        /fe_sendauth: no password supplied/,
        /empty password returned by client/,
        /server requested (?:SCRAM-based|password-based) authentication, but (?:no|the) password/,
        /No password has been provided but the backend requires one/,
      ),
      variant: {
        causes: [
          'The URL has no password: the variable is empty or was not loaded before the client was made.',
          'The password in the options is not a string.',
        ],
        remedies: [
          {
            title:
              'Load the variables first, and see that the URL has a password (this does not print it)',
            language: 'sh',
            code: `node --env-file=.env -p 'new URL(process.env.DATABASE_URL).password.length > 0'`,
          },
        ],
      },
    },

    {
      kind: 'authentication',
      codes: ['P1000', 'P1010', 'P6002', '28000', '28P01'],
      text: either(
        /password authentication failed for user ["'`«][^"'`»\n]{0,63}["'`»]?/,
        /no pg_hba\.conf entry for|pg_hba\.conf rejects/,
        /\w"? authentication (?:with pgpool )?failed for user "/,
        /\bFATAL: role "[^"\n]{1,63}" (?:does not exist|is not permitted to log in)/,
        /permission denied for database "?\w/,
        /canceling authentication due to timeout/,
        // Prisma
        /Authentication failed against (?:the )?database server/,
        /User (?:\S{1,100} )?was denied access on the database/,
        // PgBouncer
        /cannot do (?:SCRAM|MD5) authentication/,
        // Supavisor, Neon, RDS Proxy
        /Address not in tenant allow_list/,
        /Connection closed when state was authentication/,
        /\bEWRONGPASSWORD\b/,
        /is not allowed to connect to this endpoint/,
        /This RDS proxy has no credentials for the role/,
      ),
    },
    {
      kind: 'authentication',
      needsDatabase: true,
      text: either(
        /\b(?:password|SASL|SCRAM|PAM) authentication failed\b/,
        /SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature/,
        /\brole "[^"\n]{1,63}" is not permitted to log in/,
      ),
    },
    { kind: 'authentication', needsDatabase: true, text: bouncer(/no such user(?:: \S{1,63})?/) },
    {
      // Supavisor blocks an address after many failures.
      kind: 'authentication',
      text: either(
        /\(ECIRCUITBREAKER\)[^\n]{0,200}authentication/,
        /Circuit breaker open: Too many authentication errors/,
      ),
    },
  ],
};
