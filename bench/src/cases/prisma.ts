import { closedLoop } from '../load/closed-loop.ts';
import { LIFEGUARD_PLAIN, STOCK_ADAPTER } from '../peers/prisma-names.ts';
import { anyId } from '../peers/sql.ts';
import { type Case, LIFEGUARD } from './case.ts';

const CALLERS = 200;

/** The same comparison as an application with Prisma sees it. */
function prismaCase(name: string, title: string, operation: 'findFirst' | 'include'): Case {
  return {
    name,
    title: `${title}, ${CALLERS} callers, 10 connections`,
    figures: [
      { name: 'operations', unit: '/s', better: 'more' },
      { name: 'p99', unit: 'ms', better: 'less' },
      { name: 'client CPU', unit: 'µs', better: 'less' },
    ],
    peers: [STOCK_ADAPTER, LIFEGUARD_PLAIN, LIFEGUARD],
    goals: [{ figure: 'operations', against: STOCK_ADAPTER, atLeast: 2 }],
    needs: 'shop',
    async measure(peer, { url, seconds }) {
      // Not at the top: Prisma's code would be in the way of every other measurement.
      const { openPrisma } = await import('../peers/prisma-clients.ts');
      const reads = openPrisma(peer, { url, connections: 10 });
      const run = () => reads[operation](anyId());
      const result = await closedLoop({ callers: CALLERS, seconds, run });
      return {
        operations: result.perSecond,
        p99: result.waits.p99,
        'client CPU': result.cpuMicros,
      };
    },
  };
}

export const prisma = prismaCase('prisma', 'Prisma’s findFirst by primary key', 'findFirst');

export const prismaInclude = prismaCase(
  'prisma-include',
  'the same with the row that it belongs to (include)',
  'include',
);
