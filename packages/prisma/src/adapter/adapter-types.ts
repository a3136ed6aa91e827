import type { PrismaPg } from '@prisma/adapter-pg';

/** Of `@prisma/driver-adapter-utils`, as the adapter for pg has it. */
export type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
export type Transaction = Awaited<ReturnType<Adapter['startTransaction']>>;
export type Queryable = Pick<Transaction, 'queryRaw' | 'executeRaw'>;
export type Statement = Parameters<Queryable['executeRaw']>[0];
