import { bouncer, either, type Family, type Rule, whole } from '../rule.ts';

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
        ...['ERR_POSTGRES_CONNECTION_CLOSED', 'ETIMEDOUT:read', 'ETIMEDOUT:write'],
        ...['EHOSTUNREACH:read', 'ENETUNREACH:read', '08003', '08006', '08007'],
      ],
      text: either(
        // pg, postgres.js, Bun, Slonik
        /\bConnection (?:terminated|ended) unexpectedly\b/,
        /^Connection terminated: the server has gone silent$/,
        /write CONNECTION_(?:CLOSED|DESTROYED) \S+/,
        /\bERR_POSTGRES_CONNECTION_CLOSED\b/,
        /Backend has been terminated unexpectedly/,
        // libpq, psql
        /server closed the connection unexpectedly/,
        /SSL connection has been closed unexpectedly/,
        /SSL SYSCALL error: /,
        /could not (?:receive|send) data (?:from|to) (?:server|client): /,
        /lost synchronization with server: |connection to server was lost/,
        // The server's own log
        /unexpected EOF on client connection|connection to client lost/,
        // Prisma's older engines
        /(?:ConnectorError|PostgreSQL connection)[^\n]{0,120}Error \{ kind: (?:Closed|Io)\b/,
        // asyncpg, JDBC
        /\bconnection was closed in the middle of operation\b/,
        /An I\/O error occurred while sending to the backend/,
        // PgBouncer, Supavisor
        /\bserver conn crashed\?/,
        /\(ECLIENTSOCKETCLOSED\)|\{:shutdown, :client_termination\}/,
      ),
    },
    {
      kind: 'stale-connection',
      text: whole(/CONNECTION_CLOSED/, /CONNECTION_DESTROYED/),
    },
    {
      kind: 'stale-connection',
      needsDatabase: true,
      text: whole(
        /Connection terminated/,
        /Server has closed the connection/,
        /(?:the |this )?connection (?:is|was|has been|already|is already) (?:closed|lost)/,
        /connection (?:closed|lost)/,
        /(?:server|client) unexpected eof|unexpected EOF/,
        /(?:client_idle_timeout|server_idle_timeout|server shutting down)/,
      ),
    },
    {
      kind: 'stale-connection',
      within: ['08P01'],
      text: whole(/client_idle_timeout/, /server shutting down/),
    },
    {
      kind: 'stale-connection',
      text: bouncer(
        /client_idle_timeout/,
        /(?:client|server) unexpected eof/,
        /server shutting down/,
        /client disconnect (?:before everything was sent to the server|while server was not ready)/,
      ),
    },
    {
      kind: 'stale-connection',
      needsDatabase: true,
      text: either(
        /\b(?:read|write|send|recv) (?:ECONNRESET|EPIPE|ETIMEDOUT|ECONNABORTED)\b/,
        // A socket of Node's that is gone
        /\bERR_STREAM_(?:WRITE_AFTER_END|DESTROYED|PREMATURE_CLOSE)\b/,
        /Error: write after end|socket has been ended by the other party/,
        /Cannot call write after a stream was destroyed/,
        // The same in other languages
        /Connection reset by peer|\bBroken pipe\b|forcibly closed by the remote host/,
        /no connection to the server|\bthe connection is lost\b|tcp (?:recv|send)[^\n]{0,30}: closed/,
        /Exception while (?:reading from|writing to) (?:the )?stream/,
        /driver: bad connection|\bconn closed\b/,
      ),
    },
    {
      kind: 'unreachable',
      codes: [
        ...['P1002', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
        ...['EHOSTDOWN', 'EADDRNOTAVAIL', 'ENOENT:connect', 'EACCES:connect', 'ETIMEDOUT:connect'],
        ...['08001', 'CONNECT_TIMEOUT', 'LIFEGUARD_CONNECT_TIMEOUT'],
        'ERR_POSTGRES_CONNECTION_TIMEOUT',
      ],
      text: either(
        /Can't reach database server at [`']?[^\s`'"]+/,
        /The database server (?:at [^\n]{1,120} )?was reached but timed out/,
        /\bCONNECT_TIMEOUT [\w.-]{1,253}:\w+/,
        /\bERR_POSTGRES_CONNECTION_TIMEOUT\b/,
        /Sequelize(?:ConnectionRefused|ConnectionTimedOut|HostNotFound|HostNotReachable)Error/,
      ),
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
      text: whole(/Operation has timed out/),
      variant: SILENT,
    },
    {
      // Prisma 2 to 5 of a socket that stayed silent.
      kind: 'unreachable',
      symptom: true,
      text: either(
        /Context: Socket timeout \(the database failed to respond/,
        /ConnectionError\(Timed out during query execution\.\)/,
      ),
      variant: SILENT,
    },
    {
      kind: 'unreachable',
      needsDatabase: true,
      text: either(
        /\bconnect (?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENOENT|EACCES)(?: \S+)?/,
        /\bgetaddrinfo (?:ENOTFOUND|EAI_AGAIN|ENOENT)(?: \S+)?/,
        /\bqueryA{1,4} (?:ENOTFOUND|ETIMEOUT|ESERVFAIL|ECONNREFUSED)(?: \S+)?/,
      ),
    },
    {
      // libpq, psql and what is made of them
      kind: 'unreachable',
      text: either(
        /connection to server (?:at|on) [^\n]{1,200} failed: (?:(?:Connection|Operation) (?:refused|timed out)|No (?:such file|route to host)|(?:Network|Host) is|timeout expired)/,
        /could not (?:connect to server|translate host name)\b/,
        /Is the server running (?:on that host|locally)/,
        // pg_isready
        /:\d{2,5} - no response/,
      ),
    },
    {
      // Go, Rust, Java, Elixir, Erlang
      kind: 'unreachable',
      needsDatabase: true,
      text: either(
        /\bdial (?:tcp|unix) \S+ (?:connect: (?:connection refused|no such file or directory|no route to host|(?:connection|operation) timed out)|i\/o timeout)/,
        /\bread tcp \S+ i\/o timeout|\bhostname resolving error\b|\blookup \S+ [^\n]{0,60}no such host/,
        /Connection refused \(os error \d+\)|failed to lookup address information/,
        /Connection to \S+ refused\. Check that the hostname and port are correct/,
        /The connection attempt failed\b|UnknownHostException/,
        /tcp connect \([^)\n]{1,120}\): [^\n]{1,60}/,
        /could not translate host name|Name or service not known|nodename nor servname provided/,
      ),
    },
    { kind: 'unreachable', needsDatabase: true, text: whole(/timeout expired/) },
    {
      // Neon's driver over HTTP and WebSocket
      kind: 'unreachable',
      text: either(
        /Error connecting to database: (?:\w{0,20}Error: )?(?:fetch failed|Network connection lost)/,
        /attempts to open a WebSocket to connect to the database failed/,
      ),
      variant: { outcome: 'unknown' },
    },
  ],
};
