import { either, type Family, type Rule, whole } from '../rule.ts';

/** Whether a statement was under way is not told. */
const SILENT: NonNullable<Rule['variant']> = {
  title: 'The database did not answer in time',
  meaning:
    'The network gave up waiting for the database, while connecting or in the middle of a statement. If a statement was running, it may have taken effect.',
  outcome: 'unknown',
};

/** No connection can be made. */
export const unreachable: Family<'unreachable'> = {
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
  },
  rules: [
    { kind: 'unreachable', codes: ['P1001'], symptom: true },
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
      // The fields of an error alone: { "code": "ETIMEDOUT" }. Of a read, the connection was there.
      kind: 'unreachable',
      symptom: true,
      needsDatabase: true,
      text: /\bcode['"]?: ?(["'])ETIMEDOUT\1(?!,?\s{0,20}['"]?syscall['"]?: ?['"](?:read|write))/,
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
        /could not (?:connect to server(?! at https?:)|translate host name)\b/,
        /Is the server running (?:on that host|locally)/,
        // pg_isready, repmgr
        /:\d{2,5} - no response|\bPQPING_NO_RESPONSE\b/,
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
        /Error connecting to database: (?:\w{0,20}Error: )?(?:fetch failed|Network connection lost|ConnectionRefused: )/,
        /attempts to open a WebSocket to connect to the database failed/,
      ),
      variant: { outcome: 'unknown' },
    },
  ],
};
