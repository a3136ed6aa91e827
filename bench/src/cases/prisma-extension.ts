import { LIFEGUARD_PLAIN, STOCK_ADAPTER } from '../peers/prisma-names.ts';
import { type Case, LIFEGUARD } from './case.ts';

/** So many operations, one after the other, are one figure of CPU time. */
const PER_SLICE = 400;
/** V8 has compiled what there is to compile after so many slices. */
const WARM_UP = 60;
/** What else the machine does can only make a slice dearer: the cheap ones tell what the work costs. */
const QUANTILE = 0.1;

/** The price of Lifeguard's extension with everything on, as it comes in production. */
export const prismaExtension: Case = {
  name: 'prisma-extension',
  title:
    'Prisma’s findFirst over a pool that answers at once, one caller: what an operation costs the process',
  figures: [{ name: 'client CPU', unit: 'µs', better: 'less' }],
  peers: [STOCK_ADAPTER, LIFEGUARD_PLAIN, LIFEGUARD],
  goals: [{ figure: 'client CPU', against: LIFEGUARD_PLAIN, atMostMore: 15 }],
  needs: 'nothing',
  async measure(peer, { seconds }) {
    // Not at the top: Prisma's code would be in the way of every other measurement.
    const { openStubbedPrisma } = await import('../peers/prisma-clients.ts');
    const { findFirst } = openStubbedPrisma(peer);
    const slice = async () => {
      const before = process.cpuUsage();
      for (let i = 0; i < PER_SLICE; i++) await findFirst(i);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / PER_SLICE;
    };
    for (let i = 0; i < WARM_UP; i++) await slice();
    const slices: number[] = [];
    for (const until = performance.now() + seconds * 1_000; performance.now() < until; ) {
      slices.push(await slice());
    }
    slices.sort((a, b) => a - b);
    return { 'client CPU': slices[Math.floor(slices.length * QUANTILE)] ?? Number.NaN };
  },
};
