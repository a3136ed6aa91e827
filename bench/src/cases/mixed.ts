import { openLoop } from '@lifeguard/testkit';
import { bursts } from '../load/bursts.ts';
import { openSqlPool, PG_POOL, PG_POOL_NAMED, POSTGRES_JS } from '../peers/index.ts';
import { anyId } from '../peers/sql.ts';
import { type Case, LIFEGUARD } from './case.ts';

const FAST_PER_SECOND = 3_000;
const SLOW = { size: 27, everyMillis: 200 };
const MOST_WARM_UP_MILLIS = 2_000;

/** Fast statements that come by the clock, beside bursts of slow ones that fill the pool. */
export const mixed: Case = {
  name: 'mixed',
  title: `${FAST_PER_SECOND} fast reads/s beside ${SLOW.size} × 50 ms every ${SLOW.everyMillis} ms, 10 connections`,
  figures: [
    { name: 'fast p99', unit: 'ms', better: 'less' },
    { name: 'fast p50', unit: 'ms', better: 'less' },
    { name: 'fast max', unit: 'ms', better: 'less' },
    { name: 'slow p50', unit: 'ms', better: 'less' },
    { name: 'slow p99', unit: 'ms', better: 'less' },
    { name: 'slow max', unit: 'ms', better: 'less' },
  ],
  peers: [PG_POOL, PG_POOL_NAMED, POSTGRES_JS, LIFEGUARD],
  goals: [
    { figure: 'fast p99', against: PG_POOL, atMost: 1 / 20 },
    { figure: 'slow p99', against: PG_POOL, atMost: 1 },
  ],
  async measure(peer, { url, seconds }) {
    const { read, sleep } = openSqlPool(peer, { url, connections: 10 });
    const durationMillis = seconds * 1_000;
    const warmUpMillis = Math.min(durationMillis, MOST_WARM_UP_MILLIS);
    const [fast, slow] = await Promise.all([
      openLoop({
        ratePerSecond: FAST_PER_SECOND,
        durationMillis,
        warmupMillis: warmUpMillis,
        run: async () => {
          await read(anyId());
        },
      }),
      bursts({ ...SLOW, warmUpMillis, durationMillis, run: sleep }),
    ]);
    if (fast.served < fast.offered) {
      throw new Error(`${fast.offered - fast.served} of ${fast.offered} fast reads had no answer`);
    }
    const { p50, p99 } = fast.latencyMillis;
    return {
      'fast p50': p50,
      'fast p99': p99,
      'fast max': fast.worstMillis,
      'slow p50': slow.p50,
      'slow p99': slow.p99,
      'slow max': slow.max,
    };
  },
};
