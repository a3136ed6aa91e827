import { setTimeout as sleep } from 'node:timers/promises';
import { createMonitor } from '@lifeguard/monitor';
import { Pool } from '@lifeguard/pool';
import { closedLoop } from '../load/closed-loop.ts';
import { anyId, sql } from '../peers/sql.ts';
import { type Case, LIFEGUARD } from './case.ts';

const CALLERS = 200;
const CONNECTIONS = 10;
/** A little over a second, so that the monitor, which looks once a second, looks once. */
const SLICE_MILLIS = 1_050;
/** So many slices a second asked for: what is sought is smaller than what two slices differ by. */
const SLICES_PER_SECOND = 4;

/** What it costs to watch a pool that is as busy as it can be, with a page that looks on. */
export const monitor: Case = {
  name: 'monitor',
  title:
    'point reads as in reads, with the monitor and a page that looks on, divided by those without; both take turns in one process',
  figures: [
    { name: 'statements', unit: '', better: 'more' },
    { name: 'client CPU', unit: '', better: 'less' },
  ],
  peers: [LIFEGUARD],
  goals: [
    { figure: 'statements', atLeast: 0.98 },
    { figure: 'client CPU', atMost: 1.02 },
  ],
  async measure(_, { url, seconds }) {
    const pool = new Pool({ connectionString: url, max: CONNECTIONS });
    const watch = createMonitor({ pools: { main: pool } });
    let looks = 0;
    watch.on('sample', (snapshot) => {
      looks += JSON.stringify(snapshot).length > 0 ? 1 : 0;
    });
    let answered = 0;
    const run = async () => {
      await pool.query(sql.read, [anyId()]);
      answered++;
    };
    const pairs = Math.max(1, Math.round((seconds * SLICES_PER_SECOND) / 2));
    const load = closedLoop({
      callers: CALLERS,
      seconds: (pairs * 2 + 1) * (SLICE_MILLIS / 1_000),
      run,
    });

    const slice = async (isWatched: boolean) => {
      if (isWatched) watch.start();
      const before = { answered, at: performance.now(), cpu: process.cpuUsage() };
      await sleep(SLICE_MILLIS);
      const { user, system } = process.cpuUsage(before.cpu);
      const count = answered - before.answered;
      watch.stop();
      return {
        perSecond: (count * 1_000) / (performance.now() - before.at),
        cpuMicros: (user + system) / count,
      };
    };
    const ratios: { statements: number; cpu: number }[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      // What drifts in between falls on both alike.
      const isFirst = pair % 2 === 0;
      const one = await slice(isFirst);
      const other = await slice(!isFirst);
      const [watched, alone] = isFirst ? [one, other] : [other, one];
      ratios.push({
        statements: watched.perSecond / alone.perSecond,
        cpu: watched.cpuMicros / alone.cpuMicros,
      });
    }
    await load;
    if (looks < pairs) throw new Error(`the monitor has looked ${looks} times in ${pairs} slices`);
    return {
      statements: median(ratios.map(({ statements }) => statements)),
      'client CPU': median(ratios.map(({ cpu }) => cpu)),
    };
  },
};

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? upper)) / 2 : upper;
}
