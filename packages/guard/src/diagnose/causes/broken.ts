import { bouncer, either, type Family, whole } from '../rule.ts';

/** The connection was there, and is gone. */
export const broken: Family<'stale-connection'> = {
  explanations: {
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
    {
      // pg-pool's connectionTimeoutMillis, while it made a new connection.
      kind: 'stale-connection',
      text: /Connection termini?ated due to connection timeout/i,
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
      text: /Sequelize\w{0,40}\]?: ?Client has encountered a connection error and is not queryable/i,
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
        // pg, postgres.js, Bun, Slonik; a log may have cut it short
        /\bConnection (?:terminated|ended) unex(?:pected(?:ly)?)?\b/,
        /^Connection terminated: the server has gone silent$/,
        /write CONNECTION_(?:CLOSED|DESTROYED) \S+/,
        /\bERR_POSTGRES_CONNECTION_CLOSED\b/,
        /Backend has been terminated unexpectedly|Stream unexpectedly ended during query execution/,
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
        /\bserver conn crashed\?|tls_sbufio_(?:recv|send): (?:read|write) failed/,
        /\(ECLIENTSOCKETCLOSED\)|\{:shutdown, :client_termination\}/,
        /Terminating with reason :client_termination/,
        // Odyssey, Pgpool, repmgr
        /\((?:main|reset)\) (?:client|server) disconnected \(read\/write error/,
        /unable to read data from (?:frontend|DB node)|EOF encountered with (?:frontend|backend)/,
        /child connection forced to terminate due to client_idle_limit/,
        /connection to node "[^"\n]{1,63}" \(ID: \d+\) lost/,
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
      // Supavisor: the process that holds the server's connection is gone, for whatever reason.
      kind: 'stale-connection',
      text: /\bDbHandler: Terminating with reason\b/i,
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
  ],
};
