import { optionNames, optionTable } from './table.ts';

/** URL parameters that Lifeguard takes out of the URL, because pg would read them otherwise or not at all. */
export const consumedParameters: ReadonlySet<string> = new Set([
  ...optionNames.flatMap((option) => optionTable[option].url.map((spelling) => spelling.name)),
  'schema',
]);

/** URL parameters that node-postgres would let win over the same option in code. */
export const plainPgParameters: ReadonlySet<string> = new Set([
  'client_encoding',
  'fallback_application_name',
  'idle_in_transaction_session_timeout',
  'lock_timeout',
  'options',
  'query_timeout',
  'replication',
]);

/** URL parameters that node-postgres and pg-connection-string read themselves. */
export const pgParameters: ReadonlySet<string> = new Set([
  ...plainPgParameters,
  'binary',
  'db',
  'encoding',
  'host',
  'password',
  'port',
  'ssl',
  'sslcert',
  'sslkey',
  'sslmode',
  'sslnegotiation',
  'sslrootcert',
  'uselibpqcompat',
  'user',
]);

const IN_TLS_OPTIONS = 'give it in code under ssl';
const NO_SUCH_THING = 'leave it out';

/** URL parameters of libpq and Prisma 6 that node-postgres ignores, with what to do instead. */
export const ignoredParameters: ReadonlyMap<string, string> = new Map([
  ['channel_binding', 'give enableChannelBinding: true in code'],
  ['dbname', 'write the database as the path of the URL'],
  ['gssdelegation', NO_SUCH_THING],
  ['gssencmode', NO_SUCH_THING],
  ['gsslib', NO_SUCH_THING],
  ['hostaddr', 'give the address as host'],
  ['keepalives', 'give keepAlive in code'],
  ['keepalives_count', 'set it in the operating system'],
  ['keepalives_idle', 'give keepAliveInitialDelayMillis in code'],
  ['keepalives_interval', 'set it in the operating system'],
  ['krbsrvname', NO_SUCH_THING],
  ['load_balance_hosts', 'give one host, or a balancer in front of several'],
  ['max_protocol_version', NO_SUCH_THING],
  ['min_protocol_version', NO_SUCH_THING],
  ['passfile', 'set PGPASSFILE in the environment'],
  ['require_auth', NO_SUCH_THING],
  ['requirepeer', NO_SUCH_THING],
  ['service', 'write host and database in the URL'],
  ['ssl_max_protocol_version', IN_TLS_OPTIONS],
  ['ssl_min_protocol_version', IN_TLS_OPTIONS],
  ['sslaccept', 'use sslmode=no-verify or sslmode=verify-full'],
  ['sslcertmode', NO_SUCH_THING],
  ['sslcompression', NO_SUCH_THING],
  ['sslcrl', IN_TLS_OPTIONS],
  ['sslcrldir', IN_TLS_OPTIONS],
  ['sslidentity', IN_TLS_OPTIONS],
  ['sslpassword', IN_TLS_OPTIONS],
  ['sslsni', IN_TLS_OPTIONS],
  ['target_session_attrs', 'give the host of the server that is wanted'],
  ['tcp_user_timeout', NO_SUCH_THING],
]);

/** Names that other pools use for what has another name in the URL. */
export const foreignNames: ReadonlyMap<string, string> = new Map([
  ['acquiretimeoutmillis', 'pool_timeout'],
  ['connectiontimeoutmillis', 'pool_timeout'],
  ['currentschema', 'schema'],
  ['idletimeoutmillis', 'max_idle_connection_lifetime'],
  ['max', 'connection_limit'],
  ['maxlifetimeseconds', 'max_connection_lifetime'],
  ['poolmax', 'connection_limit'],
  ['poolsize', 'connection_limit'],
  ['searchpath', 'schema'],
]);

export const knownParameters: ReadonlySet<string> = new Set([
  ...consumedParameters,
  ...pgParameters,
  ...ignoredParameters.keys(),
]);
