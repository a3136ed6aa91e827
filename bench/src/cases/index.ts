import type { Case } from './case.ts';
import { checkout } from './checkout.ts';
import { errors } from './errors.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { mixed } from './mixed.ts';
import { monitor } from './monitor.ts';
import { overload } from './overload.ts';
import { prisma, prismaInclude } from './prisma.ts';
import { prismaExtension } from './prisma-extension.ts';
import { reads, readsNetwork, readsOne } from './reads.ts';
import { transactions } from './transactions.ts';
import { waiters } from './waiters.ts';

/** In the order in which they are run and shown. */
export const cases: readonly Case[] = [
  reads,
  readsOne,
  readsNetwork,
  transactions,
  mixed,
  overload,
  errors,
  checkout,
  waiters,
  latency,
  prisma,
  prismaInclude,
  prismaExtension,
  memory,
  monitor,
];

/** @throws when there is none of that name; it says which there are. */
export function caseNamed(name: string): Case {
  const found = cases.find((one) => one.name === name);
  if (found) return found;
  const names = cases.map((one) => one.name).join(', ');
  throw new Error(`there is no case '${name}'; there are ${names}`);
}
