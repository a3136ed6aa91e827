import { microsPerCycle } from '../load/closed-loop.ts';
import { PG_POOL } from '../peers/index.ts';
import { GENERIC_POOL, openLender, TARN } from '../peers/lenders.ts';
import { type Case, LIFEGUARD } from './case.ts';

const CROWD = 50;

/** The price of the pool alone: nothing is asked of any server. */
export const checkout: Case = {
  name: 'checkout',
  title: `a connection is taken and given back, no server: 1 caller alone, then ${CROWD} on 10 connections`,
  figures: [
    { name: 'alone', unit: 'µs', better: 'less' },
    { name: 'crowded', unit: 'µs', better: 'less' },
  ],
  peers: [PG_POOL, TARN, GENERIC_POOL, LIFEGUARD],
  goals: [
    { figure: 'alone', against: 'the best', atMost: 1 / 3 },
    { figure: 'crowded', against: 'the best', atMost: 1 / 3 },
  ],
  needs: 'nothing',
  async measure(peer, { seconds }) {
    const { cycle: run } = openLender(peer, { connections: 10 });
    return {
      alone: await microsPerCycle({ callers: 1, seconds, run }),
      crowded: await microsPerCycle({ callers: CROWD, seconds, run }),
    };
  },
};
