import { closedLoop } from '../load/closed-loop.ts';
import { openSqlPool, PG_POOL, PG_POOL_NAMED, POSTGRES_JS } from '../peers/index.ts';
import { anyId } from '../peers/sql.ts';
import { type Case, LIFEGUARD } from './case.ts';

const CALLERS = 100;

/** What a transaction costs when each round trip does. */
export const transactions: Case = {
  name: 'transactions',
  title: `BEGIN, a read, a write, COMMIT on a checkout, ${CALLERS} callers, 10 connections, 2 ms of network`,
  figures: [
    { name: 'transactions', unit: '/s', better: 'more' },
    { name: 'p99', unit: 'ms', better: 'less' },
    { name: 'client CPU', unit: 'µs', better: 'less' },
  ],
  peers: [PG_POOL, PG_POOL_NAMED, POSTGRES_JS, LIFEGUARD],
  goals: [{ figure: 'transactions', against: PG_POOL, atLeast: 1.8 }],
  networkMillis: 2,
  async measure(peer, { url, seconds }) {
    const { transact } = openSqlPool(peer, { url, connections: 10 });
    const result = await closedLoop({ callers: CALLERS, seconds, run: () => transact(anyId()) });
    return {
      transactions: result.perSecond,
      p99: result.waits.p99,
      'client CPU': result.cpuMicros,
    };
  },
};
