import { watchBlocks } from '../load/longest-block.ts';
import { PG_POOL } from '../peers/index.ts';
import { openLender } from '../peers/lenders.ts';
import { type Case, LIFEGUARD } from './case.ts';

const WAITERS = 100_000;
const WAIT_MILLIS = 1_000;

/** Everybody gives up at once: does the process still have a turn for anything else? */
export const waiters: Case = {
  name: 'waiters',
  title: `${WAITERS} callers wait for one connection that nobody gives back, and time out together`,
  figures: [
    { name: 'longest block', unit: 'ms', better: 'less' },
    { name: 'to enter', unit: 'µs', better: 'less' },
    { name: 'last refused after', unit: 'ms', better: 'less' },
  ],
  peers: [PG_POOL, LIFEGUARD],
  goals: [{ figure: 'longest block', atMost: 50 }],
  needs: 'nothing',
  async measure(peer) {
    const lender = openLender(peer, { connections: 1, waitMillis: WAIT_MILLIS });
    await lender.acquire();
    let refused = 0;
    const refuse = () => {
      refused++;
    };
    const startedAt = performance.now();
    const waiting = Array.from({ length: WAITERS }, () => lender.acquire().catch(refuse));
    const enteredAt = performance.now();
    // That they all come in one go is the caller's doing; what counts is how they go.
    await new Promise(setImmediate);
    const stop = watchBlocks();
    await Promise.all(waiting);
    await new Promise(setImmediate);
    const longest = stop();
    if (refused < WAITERS) throw new Error(`${WAITERS - refused} were not refused`);
    return {
      'longest block': longest,
      'to enter': ((enteredAt - startedAt) * 1_000) / WAITERS,
      'last refused after': performance.now() - startedAt,
    };
  },
};
