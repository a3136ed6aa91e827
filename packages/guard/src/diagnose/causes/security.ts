import { bouncer, either, type Family, type Rule } from '../rule.ts';

type Variant = NonNullable<Rule['variant']>;

const WRONG_NAME: Variant = {
  causes: [
    'The certificate is for other names than the host in the URL: an IP address, an alias or a tunnel stands there.',
  ],
  remedies: [
    {
      title: 'See for which names it is',
      language: 'sh',
      code: 'openssl s_client -starttls postgres -connect db.example.com:5432 </dev/null | openssl x509 -noout -ext subjectAltName',
    },
    {
      title: 'Connect by one of them; or, through a tunnel to 127.0.0.1, say which one is meant',
      language: 'ts',
      code: `new Pool({ connectionString, ssl: { ca, servername: 'db.example.com' } }); // no sslmode in the URL`,
    },
  ],
};

const CLIENT_CERTIFICATE: Variant = {
  causes: [
    'pg_hba.conf wants a certificate from the client (method cert, or clientcert=verify-full), and none was sent.',
    'The one that was sent is by an authority that the server does not know (ssl_ca_file).',
    "Its common name (CN) is not the user's name.",
  ],
  remedies: [
    {
      title: 'Give the certificate and its key',
      language: 'url',
      code: 'postgresql://app@db.example.com:5432/shop?sslmode=verify-full&sslrootcert=/etc/ssl/root.pem&sslcert=/etc/ssl/app.crt&sslkey=/etc/ssl/app.key',
    },
    {
      title: 'See whose it is, and by whom',
      language: 'sh',
      code: 'openssl x509 -in /etc/ssl/app.crt -noout -subject -issuer -dates',
    },
  ],
};

/** Refused at the door: who you are, or how you come. */
export const security: Family<'authentication' | 'tls'> = {
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
    tls: {
      title: 'No TLS connection could be made',
      meaning:
        'Client and server could not agree on an encrypted connection. The statement was never sent.',
      causes: [
        "The server's certificate comes from an authority that Node does not know (most hosted databases have their own).",
        'One side requires TLS and the other does not offer it.',
        'The certificate has expired, or names another host (an IP address, a tunnel).',
      ],
      remedies: [
        {
          title: "Give the provider's root certificate in the URL",
          language: 'url',
          code: 'postgresql://app@db.example.com:5432/shop?sslmode=verify-full&sslrootcert=/etc/ssl/provider-root.pem',
        },
        {
          title: 'Or in code',
          language: 'ts',
          code: `new PrismaPg({
  connectionString,
  ssl: { ca: readFileSync('provider-root.pem', 'utf8') },
});`,
        },
        {
          title: 'See what the server offers',
          language: 'sh',
          code: 'openssl s_client -starttls postgres -connect db.example.com:5432 -showcerts </dev/null',
        },
        {
          title:
            'Only for a server on the same machine or a private network without TLS: turn it off',
          language: 'url',
          code: 'postgresql://app@localhost:5432/shop?sslmode=disable',
        },
        {
          title:
            'rejectUnauthorized: false encrypts but lets anybody pose as the server: not in production',
        },
      ],
      outcome: 'not-sent',
      transient: false,
      docs: 'https://node-postgres.com/features/ssl',
    },
  },
  rules: [
    {
      kind: 'tls',
      codes: ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'],
      text: either(
        /server certificate for "[^"\n]{1,200}" (?:\([^)\n]{1,60}\) )?does not match host name/,
      ),
      variant: WRONG_NAME,
    },
    {
      kind: 'tls',
      needsDatabase: true,
      text: either(/Hostname\/IP does not match certificate's altnames/),
      variant: WRONG_NAME,
    },
    {
      kind: 'tls',
      codes: ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
      variant: {
        causes: [
          'The certificate has expired, or is not valid yet.',
          "This machine's clock is wrong.",
        ],
        remedies: [
          {
            title: 'See from when to when it is valid, and what time it is here',
            language: 'sh',
            code: 'openssl s_client -starttls postgres -connect db.example.com:5432 </dev/null | openssl x509 -noout -dates; date -u',
          },
        ],
      },
    },
    {
      kind: 'tls',
      text: either(/connection requires a valid client certificate/),
      variant: CLIENT_CERTIFICATE,
    },
    {
      kind: 'authentication',
      text: either(/\bcertificate authentication failed for user/),
      variant: CLIENT_CERTIFICATE,
    },
    {
      kind: 'tls',
      needsDatabase: true,
      text: /\b(?:ENOENT: no such file or directory|EACCES: permission denied), open '[^'\n]{1,500}\.(?:pem|crt|cer|key|p8)'/,
      variant: {
        causes: [
          'A file that sslrootcert, sslcert or sslkey names is not there, or may not be read by this process. A relative path counts from where it was started.',
        ],
        remedies: [
          {
            title: 'Name files that are there, with their full paths',
            language: 'url',
            code: 'postgresql://app@db.example.com:5432/shop?sslmode=verify-full&sslrootcert=/etc/ssl/provider-root.pem',
          },
        ],
      },
    },
    {
      kind: 'tls',
      codes: [
        ...['P1011', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
        ...[
          'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
          'UNABLE_TO_GET_ISSUER_CERT',
          'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
        ],
        ...['CERT_UNTRUSTED', 'CERT_REJECTED', 'CERT_REVOKED', 'CERT_SIGNATURE_FAILURE'],
        ...['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'EPROTO'],
      ],
      text: either(
        // pg, libpq, lib/pq, pgx
        /The server does not support SSL connections/,
        /There was an error establishing an SSL connection/,
        /server does not support SSL, but SSL was required/,
        /SSL is not enabled on the server/,
        /server refused TLS connection/,
        // The server and those before it
        /could not accept SSL connection/,
        /\bSSL\/TLS required\b|\bTLS connection required\b|\bESSLREQUIRED\b/,
        /connection is insecure \(try using `?sslmode=require/,
        // Prisma
        /Error opening a TLS connection/,
      ),
    },
    {
      kind: 'tls',
      needsDatabase: true,
      text: either(
        /\bSSL connection is required/,
        /\b(?:error|FATAL): SSL required\b/,
        // Node, OpenSSL, Go, Rust
        /self[- ]signed certificate(?: in certificate chain)?/,
        /unable to verify the first certificate/,
        /unable to get (?:local )?issuer certificate/,
        /certificate (?:verify failed|has expired)/,
        /root certificate file "[^"\n]{0,200}" does not exist/,
        /x509: certificate|performing TLS handshake|TLS handshake error/,
        /\b(?:tlsv1|sslv3) alert \w|:wrong version number\b/,
      ),
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
