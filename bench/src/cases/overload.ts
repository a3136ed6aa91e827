import { closedLoop } from '../load/closed-loop.ts';
import { goodput } from '../load/goodput.ts';
import { openSqlPool, PG_POOL } from '../peers/index.ts';
import { isRefusal } from '../peers/pg.ts';
import { type Case, LIFEGUARD } from './case.ts';

const CONNECTIONS = 10;
const DEADLINE_MILLIS = 1_000;
const LOAD = 2;
/**
 * Not shorter with `--seconds`: what is looked at is overload that lasts. Until then the queue fills to the
 * callers' patience, and a pool that tells overload from a burst has seen enough of it.
 */
const WARM_UP_MILLIS = 5_000;
/** Longer than the other cases by this: chance arrivals come in clusters. */
const LENGTH = 2;

const IN_TIME = 'in time';

/** More callers than the server can serve, for good: are those who are served served in time? */
export const overload: Case = {
  name: 'overload',
  title:
    'twice the load that the server can serve, 1 s deadline, once it lasts: answers in time, as a share of what it can serve',
  figures: [
    { name: IN_TIME, unit: '', better: 'more' },
    { name: 'too late', unit: '', better: 'less' },
    { name: 'answered p99', unit: 'ms', better: 'less' },
    { name: 'refused p50', unit: 'ms', better: 'less' },
    { name: 'server can serve', unit: '/s', better: 'more' },
  ],
  peers: [PG_POOL, LIFEGUARD],
  goals: [{ figure: IN_TIME, atLeast: 0.9 }],
  async measure(peer, { url, seconds }) {
    const capacity = await capacityOf(url, seconds);
    const { nap: run } = openSqlPool(peer, {
      url,
      connections: CONNECTIONS,
      waitMillis: DEADLINE_MILLIS,
    });
    const { inTimePerSecond, latePerSecond, answers, refusals } = await goodput({
      ratePerSecond: LOAD * capacity,
      deadlineMillis: DEADLINE_MILLIS,
      warmUpMillis: WARM_UP_MILLIS,
      durationMillis: LENGTH * seconds * 1_000,
      run,
      isRefusal,
    });
    return {
      [IN_TIME]: inTimePerSecond / capacity,
      'too late': latePerSecond / capacity,
      'answered p99': answers.p99,
      'refused p50': refusals.p50,
      'server can serve': capacity,
    };
  },
};

/**
 * Statements a second when every connection always has one and nobody waits: the server's own figure, by the
 * same pool whoever is measured then. One that lends fewer connections has less of it.
 */
async function capacityOf(url: string, seconds: number): Promise<number> {
  const { nap: run } = openSqlPool(PG_POOL, { url, connections: CONNECTIONS });
  return (await closedLoop({ callers: CONNECTIONS, seconds, run })).perSecond;
}
