import { Pool as LifeguardPool, PoolOverloadedError, PoolTimeoutError } from '@lifeguard/pool';
import pg from 'pg';
import { type SqlPool, type SqlPoolOptions, sql, TAKEN_ID } from './sql.ts';

/** pg.Pool as it comes, with the size given. */
export function pgPool(options: SqlPoolOptions): SqlPool {
  return overPg(new pg.Pool(poolConfig(options)), options.connections, unnamed);
}

/** The same with every statement named, so that the server keeps its plan. */
export function pgPoolNamed(options: SqlPoolOptions): SqlPool {
  return overPg(new pg.Pool(poolConfig(options)), options.connections, named);
}

/** Lifeguard as it comes: it names repeated statements by itself. */
export function lifeguard(options: SqlPoolOptions): SqlPool {
  return overPg(new LifeguardPool(poolConfig(options)), options.connections, unnamed);
}

/** Lifeguard with one statement at a time on each connection. */
export function lifeguardAlone(options: SqlPoolOptions): SqlPool {
  const pool = new LifeguardPool({ ...poolConfig(options), multiplex: false });
  return overPg(pool, options.connections, unnamed);
}

/** Whether one of these pools has told a caller that there is no connection for it in time. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof PoolOverloadedError || error instanceof PoolTimeoutError) return true;
  // pg.Pool gives it neither a code nor a class.
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}

function poolConfig({ url, connections, waitMillis }: SqlPoolOptions) {
  return {
    connectionString: url,
    max: connections,
    ...(waitMillis !== undefined && { connectionTimeoutMillis: waitMillis }),
  };
}

type Statement = (name: keyof typeof sql, values?: unknown[]) => pg.QueryConfig;

const unnamed: Statement = (name, values) => ({ text: sql[name], ...(values && { values }) });
const named: Statement = (name, values) => ({ ...unnamed(name, values), name });

function overPg(pool: pg.Pool, connections: number, statement: Statement): SqlPool {
  let connects = 0;
  pool.on('connect', () => connects++);
  return {
    read: (id) => pool.query(statement('read', [id])),
    sleep: () => pool.query(statement('sleep')),
    nap: () => pool.query(statement('nap')),
    insertTaken: () => pool.query(statement('insertTaken', [TAKEN_ID])),
    async transact(id) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await client.query(statement('readAccount', [id]));
        await client.query(statement('writeAccount', [id]));
        await client.query('COMMIT');
      } finally {
        client.release();
      }
    },
    reconnects: () => Math.max(0, connects - connections),
  };
}
