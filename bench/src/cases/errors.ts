import { closedLoop } from '../load/closed-loop.ts';
import { openSqlPool, PG_POOL, PG_POOL_NAMED, POSTGRES_JS } from '../peers/index.ts';
import { type Case, LIFEGUARD } from './case.ts';

const CALLERS = 50;
const UNIQUE_VIOLATION = '23505';

/** Statements that fail by the application's own doing: what do they cost the pool? */
export const errors: Case = {
  name: 'errors',
  title: `unique violations, ${CALLERS} callers, 10 connections`,
  figures: [
    { name: 'statements', unit: '/s', better: 'more' },
    { name: 'reconnects', unit: '', better: 'less' },
    { name: 'p99', unit: 'ms', better: 'less' },
  ],
  peers: [PG_POOL, PG_POOL_NAMED, POSTGRES_JS, LIFEGUARD],
  goals: [],
  async measure(peer, { url, seconds }) {
    const pool = openSqlPool(peer, { url, connections: 10 });
    const result = await closedLoop({
      callers: CALLERS,
      seconds,
      run: () => pool.insertTaken().then(unexpected, expected),
    });
    return {
      statements: result.perSecond,
      reconnects: pool.reconnects(),
      p99: result.waits.p99,
    };
  },
};

function expected(error: Error & { code?: string }): void {
  if (error.code !== UNIQUE_VIOLATION) throw error;
}

function unexpected(): never {
  throw new Error('the server took a row that it has');
}
