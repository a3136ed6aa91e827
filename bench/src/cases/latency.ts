import { closedLoop } from '../load/closed-loop.ts';
import { openSqlPool, PG_POOL, PG_POOL_NAMED, POSTGRES_JS } from '../peers/index.ts';
import { anyId } from '../peers/sql.ts';
import { type Case, LIFEGUARD } from './case.ts';

const MICROS_PER_MILLI = 1_000;

/** What the machinery costs when there is nothing for it to do. */
export const latency: Case = {
  name: 'latency',
  title: 'point reads of one caller on a quiet pool, one after the other',
  figures: [
    { name: 'p50', unit: 'µs', better: 'less' },
    { name: 'p99', unit: 'µs', better: 'less' },
    { name: 'client CPU', unit: 'µs', better: 'less' },
  ],
  peers: [PG_POOL, PG_POOL_NAMED, POSTGRES_JS, LIFEGUARD],
  goals: [{ figure: 'p50', against: 'the best', atMost: 1.03 }],
  async measure(peer, { url, seconds }) {
    const { read } = openSqlPool(peer, { url, connections: 10 });
    const result = await closedLoop({ callers: 1, seconds, run: () => read(anyId()) });
    return {
      p50: result.waits.p50 * MICROS_PER_MILLI,
      p99: result.waits.p99 * MICROS_PER_MILLI,
      'client CPU': result.cpuMicros,
    };
  },
};
