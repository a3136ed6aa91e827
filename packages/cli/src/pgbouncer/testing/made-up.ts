import type { CheckFacts } from '../check/checks.ts';
import { type PoolerStatus, statusOf } from '../status/facts.ts';

type Row = Readonly<Record<string, unknown>>;

interface MadeUp {
  readonly config?: Readonly<Record<string, string>>;
  /** Of the only pool. */
  readonly pool?: Row;
  readonly stats?: Row;
  readonly database?: Row;
  readonly clients?: number;
}

/** A PgBouncer 1.18 that is well, as its console tells it. */
export function madeUpStatus({
  config,
  pool,
  stats,
  database,
  clients = 12,
}: MadeUp = {}): PoolerStatus {
  const settings = {
    pool_mode: 'transaction',
    max_client_conn: '200',
    default_pool_size: '10',
    reserve_pool_size: '2',
    max_db_connections: '12',
    query_wait_timeout: '15',
    auth_type: 'scram-sha-256',
    server_reset_query: 'DISCARD ALL',
    server_reset_query_always: '0',
    ignore_startup_parameters: 'extra_float_digits',
    stats_period: '60',
    ...config,
  };
  return statusOf({
    version: [{ version: 'PgBouncer 1.18.0' }],
    config: Object.entries(settings).map(([key, value]) => ({ key, value })),
    pools: [
      { database: 'pgbouncer', user: 'pgbouncer', cl_active: 1, pool_mode: 'statement' },
      {
        database: 'shop',
        user: 'app',
        cl_active: 12,
        cl_waiting: 0,
        sv_active: 3,
        sv_idle: 4,
        sv_used: 1,
        sv_tested: 0,
        sv_login: 0,
        maxwait: 0,
        maxwait_us: 0,
        pool_mode: 'transaction',
        ...pool,
      },
    ],
    stats: [
      { database: 'pgbouncer', avg_query_count: '1' },
      {
        database: 'shop',
        total_xact_count: '120000',
        total_query_count: '360000',
        avg_xact_count: '400',
        avg_query_count: '1200',
        avg_recv: '80000',
        avg_sent: '250000',
        avg_xact_time: '4200',
        avg_query_time: '1300',
        avg_wait_time: '1200',
        ...stats,
      },
    ],
    databases: [
      { name: 'pgbouncer', port: 6432, pool_size: 2 },
      {
        name: 'shop',
        host: 'db',
        port: 5432,
        pool_size: 10,
        max_connections: 12,
        current_connections: 8,
        paused: 0,
        disabled: 0,
        ...database,
      },
    ],
    lists: [{ list: 'used_clients', items: clients }],
  });
}

/** Seen from a client for whom all is well. */
export function wellFacts(more: Partial<CheckFacts> = {}): CheckFacts {
  return {
    user: 'app',
    host: '127.0.0.1',
    isPooled: true,
    refusedParameter: undefined,
    knowsPrepared: false,
    isEncrypted: false,
    status: madeUpStatus(),
    server: { usable: 97, others: 5 },
    pool: { limit: 5, waitSeconds: 10, prepares: false },
    clients: 120,
    direct: 'direct',
    ...more,
  };
}
