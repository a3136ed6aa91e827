import { Pool as LifeguardPool } from '@lifeguard/pool';
import pg from 'pg';
import { type SqlPool, type SqlPoolOptions, sql, TAKEN_ID } from './sql.ts';

/** pg.Pool as it comes, with the size given. */
export function pgPool({ url, connections }: SqlPoolOptions): SqlPool {
  return overPg(new pg.Pool({ connectionString: url, max: connections }), connections, unnamed);
}

/** The same with every statement named, so that the server keeps its plan. */
export function pgPoolNamed({ url, connections }: SqlPoolOptions): SqlPool {
  return overPg(new pg.Pool({ connectionString: url, max: connections }), connections, named);
}

/** Lifeguard as it comes: it names repeated statements by itself. */
export function lifeguard({ url, connections }: SqlPoolOptions): SqlPool {
  const pool = new LifeguardPool({ connectionString: url, max: connections });
  return overPg(pool, connections, unnamed);
}

/** Lifeguard with one statement at a time on each connection. */
export function lifeguardAlone({ url, connections }: SqlPoolOptions): SqlPool {
  const pool = new LifeguardPool({ connectionString: url, max: connections, multiplex: false });
  return overPg(pool, connections, unnamed);
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
