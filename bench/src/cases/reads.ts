import { closedLoop } from '../load/closed-loop.ts';
import {
  LIFEGUARD_ALONE,
  openSqlPool,
  PG_POOL,
  PG_POOL_NAMED,
  POSTGRES_JS,
} from '../peers/index.ts';
import { PGBENCH, pgbenchReads } from '../peers/pgbench.ts';
import { anyId } from '../peers/sql.ts';
import { type Case, type Goal, LIFEGUARD, type Reference } from './case.ts';

const CALLERS = 200;
const STATEMENTS = 'statements';

/** Point reads by many callers: with how many connections, and how far away, is what differs. */
function readsCase(given: {
  name: string;
  connections: number;
  networkMillis?: number;
  goals: readonly Omit<Goal, 'figure'>[];
  reference?: Reference;
}): Case {
  const { name, connections, networkMillis, goals, reference } = given;
  const network = networkMillis === undefined ? '' : `, ${networkMillis} ms of network`;
  const pool = connections === 1 ? '1 connection' : `${connections} connections`;
  return {
    name,
    title: `point reads by primary key, ${CALLERS} callers, ${pool}${network}`,
    figures: [
      { name: STATEMENTS, unit: '/s', better: 'more' },
      { name: 'p99', unit: 'ms', better: 'less' },
      { name: 'client CPU', unit: 'µs', better: 'less' },
    ],
    peers: [PG_POOL, PG_POOL_NAMED, POSTGRES_JS, LIFEGUARD, LIFEGUARD_ALONE],
    goals: goals.map((goal) => ({ figure: STATEMENTS, ...goal })),
    ...(networkMillis !== undefined && { networkMillis }),
    ...(reference && { reference }),
    async measure(peer, { url, seconds }) {
      const { read } = openSqlPool(peer, { url, connections });
      const result = await closedLoop({ callers: CALLERS, seconds, run: () => read(anyId()) });
      return {
        [STATEMENTS]: result.perSecond,
        p99: result.waits.p99,
        'client CPU': result.cpuMicros,
      };
    },
  };
}

export const reads = readsCase({
  name: 'reads',
  connections: 10,
  goals: [
    { against: PG_POOL_NAMED, atLeast: 2.2 },
    { against: POSTGRES_JS, atLeast: 1.8 },
  ],
  reference: {
    name: PGBENCH,
    measure: async (setup) => ({ [STATEMENTS]: await pgbenchReads(setup) }),
  },
});

export const readsOne = readsCase({
  name: 'reads-1',
  connections: 1,
  goals: [
    { against: PG_POOL, atLeast: 7 },
    { against: POSTGRES_JS, atLeast: 1.3 },
  ],
});

export const readsNetwork = readsCase({
  name: 'reads-network',
  connections: 10,
  networkMillis: 2,
  goals: [{ against: PG_POOL, atLeast: 10 }],
});
