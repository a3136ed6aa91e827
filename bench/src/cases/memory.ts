import { setTimeout as delay } from 'node:timers/promises';
import { PG_POOL } from '../peers/index.ts';
import { GENERIC_POOL, openLender, TARN } from '../peers/lenders.ts';
import { type Case, LIFEGUARD } from './case.ts';

const WAITERS = 20_000;
const POOLS = 200;
/** Longer than the measurement. */
const WAIT_MILLIS = 600_000;
/** One more lets go of what the first has made unreachable by its finalisers. */
const COLLECTIONS = 3;
/** By then what a pool does for a moment after its last caller is over, such as to look after those who wait. */
const REST_MILLIS = 300;

/** What those who wait, and pools that nobody uses, cost in memory. */
export const memory: Case = {
  name: 'memory',
  title:
    'heap of one request that waits, with a wait bound, and of one pool with an idle connection',
  figures: [
    { name: 'waiting request', unit: 'bytes', better: 'less' },
    { name: 'idle pool', unit: 'bytes', better: 'less' },
  ],
  peers: [PG_POOL, TARN, GENERIC_POOL, LIFEGUARD],
  goals: [],
  needs: 'nothing',
  async measure(peer) {
    const options = { connections: 1, waitMillis: WAIT_MILLIS };
    // The first of each brings the code with it.
    await openLender(peer, options).cycle();

    const beforePools = await heapBytes();
    const pools = Array.from({ length: POOLS }, () => openLender(peer, options));
    for (const pool of pools) await pool.cycle();
    await delay(REST_MILLIS);
    const withPools = await heapBytes();

    const [pool] = pools;
    if (!pool) throw new Error('no pool was made');
    await pool.acquire();
    const beforeWaiters = await heapBytes();
    const waiting: unknown[] = new Array(WAITERS);
    for (let i = 0; i < WAITERS; i++) waiting[i] = pool.acquire();
    const withWaiters = await heapBytes();
    if (waiting.length + pools.length !== WAITERS + POOLS) throw new Error('some are gone');
    return {
      'waiting request': (withWaiters - beforeWaiters) / WAITERS,
      'idle pool': (withPools - beforePools) / POOLS,
    };
  },
};

async function heapBytes(): Promise<number> {
  if (!globalThis.gc) throw new Error('run with --expose-gc');
  for (let i = 0; i < COLLECTIONS; i++) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
  return process.memoryUsage().heapUsed;
}
