import type { Place } from '../size/address.ts';
import type { PoolerSizes } from '../size/recommend.ts';

export interface IniOptions {
  readonly listenAddress?: string;
  readonly listenPort?: number;
  /** The file beside it that says who may log in. */
  readonly authFile?: string;
  /** May see SHOW POOLS and SHOW STATS. */
  readonly statsUsers?: readonly string[];
}

/**
 * A pgbouncer.ini for transaction pooling, with the reason of each setting beside it. Holds no password.
 * Understood by PgBouncer 1.18 and later.
 */
export function pgbouncerIni(place: Place, sizes: PoolerSizes, options: IniOptions = {}): string {
  const { user, host, port, database } = place;
  const {
    listenAddress = '127.0.0.1',
    listenPort = 6432,
    authFile = '/etc/pgbouncer/userlist.txt',
    statsUsers = [user],
  } = options;
  return `[databases]
${database} = host=${host} port=${port} dbname=${database}

[pgbouncer]
listen_addr = ${listenAddress}
listen_port = ${listenPort}

; who may log in, with SCRAM secrets; readable by PgBouncer's user only (0600)
auth_type = scram-sha-256
auth_file = ${authFile}

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
; from 1.21 on named prepared statements go through (200 is the default since 1.24; 1.20 and older refuse the line)
;max_prepared_statements = 200

; what drivers send at login and transaction pooling can't keep
ignore_startup_parameters = extra_float_digits

; SHOW POOLS, SHOW STATS: psql -p ${listenPort} pgbouncer, or lifeguard pgbouncer status
stats_users = ${statsUsers.join(', ')}
`;
}
