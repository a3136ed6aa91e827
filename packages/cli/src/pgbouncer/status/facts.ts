import {
  type PoolerPool,
  type PoolerSettings,
  poolsOf,
  settingsOf,
} from '../../doctor/server/pooler.ts';
import type { Console, ConsoleRow } from '../console.ts';

/** What a PgBouncer says of itself. */
export interface PoolerStatus {
  /** `PgBouncer 1.18.0`. */
  readonly version: string;
  readonly settings: PoolerSettings;
  /** All of SHOW CONFIG, by name. */
  readonly config: ReadonlyMap<string, string>;
  readonly pools: readonly StatusPool[];
  readonly traffic: readonly Traffic[];
  readonly databases: readonly PooledDatabase[];
  /** Clients that are connected, to whatever database. */
  readonly clients: number;
}

export interface StatusPool extends PoolerPool {
  /** Logins to the server under way. */
  readonly serversLoggingIn: number;
  /** What this pool may open, its reserve aside. */
  readonly size: number;
}

/** Of a database, over the last `stats_period`, a minute by default. */
export interface Traffic {
  readonly database: string;
  /** What PgBouncer takes for one: of a client that sends on without waiting for answers, all until a pause. */
  readonly transactionsPerSecond: number;
  readonly queriesPerSecond: number;
  readonly transactionMillis: number;
  readonly queryMillis: number;
  /** Clients that waited for a connection, on average: the time that all waited, of each second. */
  readonly waiting: number;
  /** Executions of prepared statements, and how often one had to be prepared on a server for that; since 1.24, else null. */
  readonly prepared: {
    readonly usesPerSecond: number;
    readonly madePerSecond: number;
  } | null;
  /** Clients that logged in; since 1.26, else null. */
  readonly loginsPerSecond: number | null;
  readonly bytesInPerSecond: number;
  readonly bytesOutPerSecond: number;
  /** Since PgBouncer began. */
  readonly transactions: number;
  readonly queries: number;
}

export interface PooledDatabase {
  readonly name: string;
  readonly host: string | null;
  readonly port: number;
  readonly poolSize: number;
  readonly connections: number;
  /** 0: no limit. */
  readonly maxConnections: number;
  /** Clients connected to it, and how many may be; since 1.24, and 0: no limit. */
  readonly clients: number;
  readonly maxClients: number;
  readonly paused: boolean;
  readonly disabled: boolean;
}

/** Asks the console; rejects as pg does. */
export async function askStatus(console: Console): Promise<PoolerStatus> {
  const version = await console.show('VERSION');
  const config = await console.show('CONFIG');
  const pools = await console.show('POOLS');
  const stats = await console.show('STATS');
  const databases = await console.show('DATABASES');
  const lists = await console.show('LISTS');
  return statusOf({ version, config, pools, stats, databases, lists });
}

type Answers = Readonly<
  Record<'version' | 'config' | 'pools' | 'stats' | 'databases' | 'lists', readonly ConsoleRow[]>
>;

/** Pure. Columns that a version does not have count as 0. */
export function statusOf({
  version,
  config,
  pools,
  stats,
  databases,
  lists,
}: Answers): PoolerStatus {
  const settings = settingsOf(config);
  const known = databases.filter(({ name }) => name !== 'pgbouncer').map(databaseOf);
  const sizes = new Map(known.map(({ name, poolSize }) => [name, poolSize]));
  const logins = new Map(pools.map((row) => [`${row.database}/${row.user}`, number(row.sv_login)]));
  return {
    version: String(Object.values(version[0] ?? {})[0] ?? 'PgBouncer'),
    settings,
    config: new Map(config.map(({ key, value }) => [String(key), String(value ?? '')])),
    pools: poolsOf(pools).map((pool) => ({
      ...pool,
      serversLoggingIn: logins.get(`${pool.database}/${pool.user}`) ?? 0,
      size: sizes.get(pool.database) ?? settings.poolSize,
    })),
    traffic: stats.filter(({ database }) => database !== 'pgbouncer').map(trafficOf),
    databases: known,
    clients: number(lists.find(({ list }) => list === 'used_clients')?.items),
  };
}

function trafficOf(row: ConsoleRow): Traffic {
  const bunches = number(row.avg_query_count);
  const uses = number(row.avg_bind_count);
  // Statements that are sent without waiting for answers count as one query; each is bound by itself.
  const queries = Math.max(bunches, uses);
  const queryMillis = number(row.avg_query_time) / 1_000;
  return {
    database: String(row.database),
    transactionsPerSecond: number(row.avg_xact_count),
    queriesPerSecond: queries,
    transactionMillis: number(row.avg_xact_time) / 1_000,
    queryMillis: queries === 0 ? queryMillis : (queryMillis * bunches) / queries,
    waiting: waitingOf(row),
    prepared:
      row.avg_bind_count === undefined
        ? null
        : { usesPerSecond: uses, madePerSecond: number(row.avg_server_parse_count) },
    loginsPerSecond:
      row.avg_client_login_count === undefined ? null : number(row.avg_client_login_count),
    bytesInPerSecond: number(row.avg_recv),
    bytesOutPerSecond: number(row.avg_sent),
    transactions: number(row.total_xact_count),
    queries: number(row.total_query_count),
  };
}

/** Before 1.23 the average was of each second; since then it is of each time that a client got a connection. */
function waitingOf({ avg_wait_time, avg_server_assignment_count: count }: ConsoleRow): number {
  return (number(avg_wait_time) * (count === undefined ? 1 : number(count))) / 1e6;
}

function databaseOf(row: ConsoleRow): PooledDatabase {
  return {
    name: String(row.name),
    host: row.host === null || row.host === undefined ? null : String(row.host),
    port: number(row.port),
    poolSize: number(row.pool_size),
    connections: number(row.current_connections),
    maxConnections: number(row.max_connections),
    clients: number(row.current_client_connections),
    maxClients: number(row.max_client_connections),
    paused: number(row.paused) === 1,
    disabled: number(row.disabled) === 1,
  };
}

function number(value: unknown): number {
  return Number(value ?? 0) || 0;
}
