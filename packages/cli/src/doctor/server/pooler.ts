import type pg from 'pg';
import type { PoolerGreeting } from '../../connection/greeting.ts';
import type { Session } from '../../frame/session.ts';
import { type Console, type ConsoleRow, openConsole } from '../../pgbouncer/console.ts';
import type { Unseen } from './facts.ts';

export type PoolMode = 'session' | 'transaction' | 'statement';

export interface PoolerPool {
  readonly database: string;
  readonly user: string;
  readonly clientsActive: number;
  readonly clientsWaiting: number;
  readonly serversUsed: number;
  readonly serversIdle: number;
  /** Seconds that the longest waiting client has waited. */
  readonly longestWait: number;
  readonly mode: PoolMode;
}

export interface PoolerSettings {
  readonly mode: PoolMode;
  readonly maxClients: number;
  readonly poolSize: number;
  readonly reservePoolSize: number;
  /** 0 is none. */
  readonly maxDatabaseConnections: number;
  /** Null where there is no such setting: before 1.21. */
  readonly maxPreparedStatements: number | null;
  readonly queryWaitSeconds: number;
}

/** What stands between us and the server. */
export interface PoolerFacts {
  /** `PgBouncer 1.18.0`, or null when it does not say. */
  readonly version: string | null;
  /** Null when neither its console nor its behaviour told. */
  readonly mode: PoolMode | null;
  readonly settings: PoolerSettings | null;
  /** 0: it keeps no prepared statements. Null when that is not known. */
  readonly maxPreparedStatements: number | null;
  readonly pools: readonly PoolerPool[] | null;
  /** What it refused at login, so that we went on without. */
  readonly refusedParameter: string | null;
}

export interface PoolerSigns {
  /** The process that we were told of at login is not the one that answers. */
  readonly answersForAnother: boolean;
  /** Our transactions were run by several processes. */
  readonly sharesTransactions: boolean;
  readonly refusedParameter?: string | undefined;
  readonly greeting?: PoolerGreeting | undefined;
}

/** Whether there is a pooler at all. A plain TCP balancer hands the server's own greeting through. */
export function isPooled({ answersForAnother, refusedParameter, greeting }: PoolerSigns): boolean {
  return answersForAnother || refusedParameter !== undefined || greeting !== undefined;
}

/** What the console said: rows of SHOW VERSION, CONFIG and POOLS. */
export interface ConsoleAnswers {
  readonly version: readonly ConsoleRow[];
  readonly config: readonly ConsoleRow[];
  readonly pools: readonly ConsoleRow[];
}

export function poolerFacts(signs: PoolerSigns, said: ConsoleAnswers | undefined): PoolerFacts {
  const settings = said && settingsOf(said.config);
  const version = said && String(Object.values(said.version[0] ?? {})[0] ?? '');
  const { greeting } = signs;
  return {
    version: version || greeting?.version || null,
    mode: settings?.mode ?? greeting?.mode ?? (signs.sharesTransactions ? 'transaction' : null),
    settings: settings ?? null,
    maxPreparedStatements: settings
      ? (settings.maxPreparedStatements ?? 0)
      : (greeting?.maxPreparedStatements ?? null),
    pools: said ? poolsOf(said.pools) : null,
    refusedParameter: signs.refusedParameter ?? null,
  };
}

export function settingsOf(rows: readonly ConsoleRow[]): PoolerSettings {
  const values = new Map(rows.map(({ key, value }) => [String(key), String(value ?? '')]));
  const number = (name: string) => Number(values.get(name) ?? 0);
  return {
    mode: (values.get('pool_mode') ?? 'session') as PoolMode,
    maxClients: number('max_client_conn'),
    poolSize: number('default_pool_size'),
    reservePoolSize: number('reserve_pool_size'),
    maxDatabaseConnections: number('max_db_connections'),
    maxPreparedStatements: values.has('max_prepared_statements')
      ? number('max_prepared_statements')
      : null,
    queryWaitSeconds: number('query_wait_timeout'),
  };
}

/** Without the console's own. */
export function poolsOf(rows: readonly ConsoleRow[]): PoolerPool[] {
  return rows
    .filter(({ database }) => database !== 'pgbouncer')
    .map((row) => {
      const number = (name: string) => Number(row[name] ?? 0);
      return {
        database: String(row.database),
        user: String(row.user),
        clientsActive: number('cl_active'),
        clientsWaiting: number('cl_waiting'),
        serversUsed: number('sv_active'),
        serversIdle: number('sv_idle') + number('sv_used') + number('sv_tested'),
        longestWait: number('maxwait') + number('maxwait_us') / 1e6,
        mode: String(row.pool_mode) as PoolMode,
      };
    });
}

/** Asks PgBouncer's console; a user who may not is told what would let them. */
export async function askConsole(
  config: pg.ClientConfig,
  session: Session,
): Promise<ConsoleAnswers | Unseen> {
  let opened: Console | undefined;
  try {
    opened = await openConsole(config, session);
    const version = await opened.show('VERSION');
    const settings = await opened.show('CONFIG');
    const pools = await opened.show('POOLS');
    return { version, config: settings, pools };
  } catch (error) {
    return {
      what: 'the pooler’s limits and queues',
      why: `its console did not let us in (${(error as Error).message})`,
      remedy:
        'in pgbouncer.ini: stats_users = the user of the URL; or give --pooler-url with the console’s user',
    };
  } finally {
    await opened?.close();
  }
}
