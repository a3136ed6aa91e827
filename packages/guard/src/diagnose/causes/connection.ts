import { type Family, type Rule, whole } from '../rule.ts';

/** Whether a statement was under way is not told. */
const SILENT: NonNullable<Rule['variant']> = {
  title: 'The database did not answer in time',
  meaning:
    'The network gave up waiting for the database, while connecting or in the middle of a statement. If a statement was running, it may have taken effect.',
  outcome: 'unknown',
};

/** The way to the server: not there, or gone. */
export const connection: Family<'unreachable' | 'stale-connection'> = {
  explanations: {
    unreachable: {
      title: 'The database server cannot be reached',
      meaning: 'No connection to the host and port could be made. The statement was never sent.',
      causes: [
        'The server is down, restarting, or asleep (scale to zero).',
        'Wrong host or port; in a container localhost is the container itself.',
        'A firewall, security group or missing IP allow-list entry.',
        'The name does not resolve, or resolves to IPv6 where only IPv4 works.',
      ],
      remedies: [
        {
          title: 'Test from the machine or container that runs the application',
          language: 'sh',
          code: `pg_isready -h db.example.com -p 5432
nc -vz db.example.com 5432`,
        },
        {
          title:
            "Bound the wait for a silent host: by default pg waits for ever, and Prisma 7's stock adapter ignores connect_timeout in the URL",
          language: 'ts',
          code: 'new PrismaPg({ connectionString, connectionTimeoutMillis: 5_000 });',
        },
        {
          title:
            'Try again with growing pauses; a database that is asleep needs some seconds to wake',
        },
      ],
      outcome: 'not-sent',
      transient: true,
      docs: 'https://www.prisma.io/docs/orm/reference/error-reference#p1001',
    },
    'stale-connection': {
      title: 'The connection broke',
      meaning:
        'The connection closed without a word from the server. A statement that was running may or may not have taken effect.',
      causes: [
        'A firewall, NAT gateway or load balancer dropped a connection that was idle for long.',
        'The server or pooler closed idle connections, restarted or failed over.',
        'The process was frozen (serverless, a sleeping laptop) and its sockets died meanwhile.',
        'The server process was killed, for example for lack of memory.',
      ],
      remedies: [
        {
          title:
            'Let the pool give up idle connections before the network does, and keep the others alive',
          language: 'ts',
          code: `new PrismaPg({
  connectionString,
  idleTimeoutMillis: 30_000,
  maxLifetimeSeconds: 1_800,
  keepAlive: true,
});`,
        },
        {
          title: 'Read again; repeat a write only if doing it twice is harmless',
          language: 'sql',
          code: 'INSERT INTO "Payment" (key, amount) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING;',
        },
        {
          title: 'Look for the reason in the server log at that minute',
          language: 'sql',
          code: 'SELECT pg_postmaster_start_time(), pg_current_logfile();',
        },
      ],
      outcome: 'unknown',
      transient: true,
      docs: 'https://node-postgres.com/apis/pool',
    },
  },
  rules: [
    // What Prisma says when a connection fails; what is under it says more.
    { kind: 'stale-connection', codes: ['P1017'], symptom: true },
    { kind: 'unreachable', codes: ['P1001'], symptom: true },
    {
      // pg-pool's connectionTimeoutMillis, while it made a new connection.
      kind: 'stale-connection',
      text: /Connection terminated due to connection timeout/,
      variant: {
        title: 'A new connection was given up before it was ready',
        meaning:
          'Making a connection took longer than connectionTimeoutMillis, so the pool closed it half-way. The statement was never sent.',
        causes: [
          'The server or network is slow to answer, or does not answer at all.',
          'Many connections are made at once after a restart, and logging in (TLS, SCRAM) costs the server time.',
          'connectionTimeoutMillis is short for this network, or for a database that must wake first.',
        ],
        remedies: [
          {
            title: 'Measure how long a connection takes',
            language: 'sh',
            code: 'time psql "$(echo "$DATABASE_URL" | cut -d? -f1)" -c "select 1"',
          },
          {
            title: 'Allow that time and some more, and keep connections instead of making new ones',
            language: 'ts',
            code: 'new PrismaPg({ connectionString, connectionTimeoutMillis: 10_000, min: 2, idleTimeoutMillis: 60_000 });',
          },
        ],
        outcome: 'not-sent',
      },
    },
    {
      kind: 'stale-connection',
      codes: ['57P05'],
      text: /terminating connection due to idle-session timeout/i,
      variant: {
        meaning:
          'The server closed the session, because it had been idle for longer than idle_session_timeout. No statement was running.',
        outcome: 'not-sent',
      },
    },
    {
      // Sequelize hands out connections that died while idle; pg refuses the statement.
      kind: 'stale-connection',
      text: /Sequelize\w{0,40}\]?: ?Client has encountered a connection error and is not queryable/,
      variant: { outcome: 'not-sent' },
    },
    {
      kind: 'stale-connection',
      codes: [
        ...['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'CONNECTION_CLOSED', 'CONNECTION_DESTROYED'],
        'ERR_POSTGRES_CONNECTION_CLOSED',
        ...[
          'ETIMEDOUT:read',
          'ETIMEDOUT:write',
          'EHOSTUNREACH:read',
          'ENETUNREACH:read',
          '08003',
          '08006',
        ],
      ],
      text: /\bConnection (?:terminated|ended) unexpectedly\b|\bconnection was closed in the middle of operation\b|^Connection terminated(?:: the server has gone silent)?$|server closed the connection unexpectedly|SSL connection has been closed unexpectedly|SSL SYSCALL error: |could not receive data from client: |unexpected EOF on client connection|Error in PostgreSQL connection: Error \{ kind: (?:Closed|Io)\b|\bserver conn crashed\?|write CONNECTION_(?:CLOSED|DESTROYED) \S+|\bERR_POSTGRES_CONNECTION_CLOSED\b/,
    },
    { kind: 'stale-connection', text: whole('CONNECTION_CLOSED|CONNECTION_DESTROYED') },
    {
      kind: 'stale-connection',
      needsDatabase: true,
      text: whole('Server has closed the connection'),
    },
    {
      kind: 'stale-connection',
      within: ['08P01'],
      text: whole('client_idle_timeout|server shutting down'),
    },
    {
      kind: 'stale-connection',
      needsDatabase: true,
      text: /\b(?:read|write) (?:ECONNRESET|EPIPE|ETIMEDOUT|ECONNABORTED)\b/,
    },
    {
      kind: 'unreachable',
      codes: [
        ...[
          'P1002',
          'ECONNREFUSED',
          'ENOTFOUND',
          'EAI_AGAIN',
          'EHOSTUNREACH',
          'ENETUNREACH',
          'EHOSTDOWN',
        ],
        ...['EADDRNOTAVAIL', 'ENOENT:connect', 'EACCES:connect', 'ETIMEDOUT:connect', '08001'],
        ...['CONNECT_TIMEOUT', 'LIFEGUARD_CONNECT_TIMEOUT', 'ERR_POSTGRES_CONNECTION_TIMEOUT'],
      ],
      text: /Can't reach database server at [`']?[^\s`'"]+|The database server (?:at [^\n]{1,120} )?was reached but timed out|write CONNECT_TIMEOUT \S+|\bERR_POSTGRES_CONNECTION_TIMEOUT\b|Sequelize(?:ConnectionRefused|ConnectionTimedOut|HostNotFound|HostNotReachable)Error/,
    },
    {
      kind: 'unreachable',
      codes: ['LIFEGUARD_BREAKER_OPEN'],
      symptom: true,
      variant: {
        title: 'The circuit breaker refused the call at once',
        meaning:
          'The last calls could not reach the database or waited in vain for a connection, so this one was refused before it was sent.',
        causes: [
          'The database is down, restarting, full or cut off; the message says since when, and what failed last.',
          'All connections are held for longer than callers may wait.',
        ],
        docs: 'https://martinfowler.com/bliki/CircuitBreaker.html',
      },
    },
    {
      kind: 'unreachable',
      codes: ['P1008', 'ETIMEDOUT'],
      symptom: true,
      text: whole('Operation has timed out'),
      variant: SILENT,
    },
    {
      // Prisma 2 to 5 of a socket that stayed silent.
      kind: 'unreachable',
      symptom: true,
      text: /Context: Socket timeout \(the database failed to respond|ConnectionError\(Timed out during query execution\.\)/,
      variant: SILENT,
    },
    {
      kind: 'unreachable',
      needsDatabase: true,
      text: /\b(?:connect (?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT)|getaddrinfo (?:ENOTFOUND|EAI_AGAIN|ENOENT))(?: \S+)?/,
    },
    {
      // libpq and psql, n8n, Medusa
      kind: 'unreachable',
      text: /connection to server (?:at|on) [^\n]{1,200} failed: (?:Connection refused|Connection timed out|No such file or directory|timeout expired)|could not (?:connect to server|translate host name)\b|Is the server running (?:on that host|locally)|Could not establish database connection within|Failed to establish a connection to PostgreSQL/,
    },
    {
      kind: 'unreachable',
      needsDatabase: true,
      text: /\bdial (?:tcp|unix) \S+ (?:connect: (?:connection refused|no such file or directory)|i\/o timeout)|\bread tcp \S+ i\/o timeout|Connection to \S+ refused\. Check that the hostname and port are correct/,
    },
    { kind: 'unreachable', needsDatabase: true, text: whole('timeout expired') },
    {
      kind: 'unreachable',
      text: /Error connecting to database: (?:TypeError: )?fetch failed/,
      variant: { outcome: 'unknown' },
    },
  ],
};
