import type { PrismaPg } from '@prisma/adapter-pg';
import type { GroupedReads } from './reads.ts';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
type Queryable = Pick<Adapter, 'queryRaw'>;

/** Makes the adapter run statements of `findManyGrouped` for all groups, also in transactions. */
export function groupStatements(factory: PrismaPg, reads: GroupedReads): PrismaPg {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter: Adapter = await connect();
    grouping(adapter, reads);
    const startTransaction = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (isolationLevel) =>
      grouping(await startTransaction(isolationLevel), reads);
    return adapter;
  };
  return factory;
}

function grouping<Q extends Queryable>(queryable: Q, reads: GroupedReads): Q {
  const queryRaw = queryable.queryRaw.bind(queryable);
  queryable.queryRaw = (statement) =>
    reads.query(statement, (grouped) => queryRaw(grouped as typeof statement));
  return queryable;
}
