import { bouncerRules, either, type Family, type Rule } from '../rule.ts';

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

/** Also where the certificate is good, and another user's. */
export const CLIENT_CERTIFICATE: Variant = {
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

/** No encrypted connection, or none to whom it should be. */
export const tls: Family<'tls'> = {
  explanations: {
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
    ...bouncerRules('tls', [/SSL required/, /TLS startup failed/]),
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
  ],
};
