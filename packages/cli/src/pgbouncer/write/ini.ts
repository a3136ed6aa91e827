import type { Place } from '../../size/address.ts';
import type { PoolerSizes } from '../../size/recommend.ts';

export type AuthType = 'scram-sha-256' | 'md5';

export interface IniOptions {
  /** How clients log in: as the secrets of the file beside it are made. */
  readonly authType?: AuthType;
  /** How the server is reached, as libpq's sslmode has it; undefined: PgBouncer's own default. */
  readonly serverTls?: { readonly mode: string; readonly caFile: string | undefined } | undefined;
  readonly listenAddress?: string;
  readonly listenPort?: number;
  /** The file beside it that says who may log in. */
  readonly authFile?: string;
  /** May see SHOW POOLS and SHOW STATS. */
  readonly statsUsers?: readonly string[];
}

/**
 * A pgbouncer.ini for transaction pooling, with the reason of each setting beside it. Holds no password.
 * Understood by PgBouncer 1.18 and later; 1.18, 1.24.1 and 1.26.1 were seen to start with it and warn of nothing.
 */
export function pgbouncerIni(place: Place, sizes: PoolerSizes, options: IniOptions = {}): string {
  const { user } = place;
  const {
    listenAddress = '127.0.0.1',
    listenPort = 6432,
    authFile = '/etc/pgbouncer/userlist.txt',
    statsUsers = [user],
    authType = 'scram-sha-256',
    serverTls,
  } = options;
  return `[databases]
${databaseLine(place)}

[pgbouncer]
listen_addr = ${listenAddress}
listen_port = ${listenPort}

; who may log in, with ${SECRETS[authType]}; readable by PgBouncer's user only (0600)
auth_type = ${authType}
auth_file = ${authFile}
${serverTls ? tlsToServer(serverTls) : ''}${isLoopback(listenAddress) ? '' : TLS_OF_CLIENTS}
; a server connection belongs to a client for one transaction
pool_mode = transaction
; what keeps the server busy: more would only wait for each other there
default_pool_size = ${sizes.poolSize}
; opened when a client has waited for reserve_pool_timeout seconds
reserve_pool_size = ${sizes.reservePoolSize}
reserve_pool_timeout = 3
; never more on the server, whatever users and databases come
max_db_connections = ${sizes.poolSize + sizes.reservePoolSize}

; clients wait here instead of being refused by the server
max_client_conn = ${sizes.maxClientConnections}
; and not for longer than they would want the answer (the default is two minutes)
query_wait_timeout = 15
; from 1.21 on named prepared statements go through (200 is the default since 1.24; 1.20 and older refuse the line):
; then add prepared_statements=true to the address, and the pool makes them
;max_prepared_statements = 200

; what drivers send at login and transaction pooling can't keep
ignore_startup_parameters = extra_float_digits

; SHOW POOLS, SHOW STATS: psql -p ${listenPort} pgbouncer, or lifeguard pgbouncer status
stats_users = ${statsUsers.join(', ')}
`;
}

const SECRETS: Readonly<Record<AuthType, string>> = {
  'scram-sha-256': 'SCRAM secrets',
  md5: 'MD5 hashes, which is all that the server has of this user',
};

const TLS_OF_CLIENTS = `
; clients come over the network: without TLS everybody there can read along
;client_tls_sslmode = require
;client_tls_key_file = /etc/pgbouncer/server.key
;client_tls_cert_file = /etc/pgbouncer/server.crt
`;

function tlsToServer({ mode, caFile }: NonNullable<IniOptions['serverTls']>): string {
  return `
; as sslmode in the address
server_tls_sslmode = ${mode}
${caFile === undefined ? (mode.startsWith('verify') ? ';server_tls_ca_file = /etc/ssl/certs/ca-certificates.crt\n' : '') : `server_tls_ca_file = ${caFile}\n`}`;
}

export function isLoopback(address: string): boolean {
  return ['127.0.0.1', '::1', 'localhost'].includes(address);
}

/** What PgBouncer 1.18 takes as the name of a database; it knows no quotes there. */
const NAMEABLE = /^[a-z0-9_.-]+$/i;

function databaseLine({ host, port, database }: Place): string {
  const server = `host=${settingValue(host)} port=${port}`;
  return NAMEABLE.test(database)
    ? `${database} = ${server} dbname=${database}`
    : `; the name of this database can't be written here: all of the server's are offered\n* = ${server}`;
}

function settingValue(value: string): string {
  return /^[^\s'"\\=]+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
}
