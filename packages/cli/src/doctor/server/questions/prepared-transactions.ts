import type { Ask } from '../ask.ts';
import { numberOf, textOf } from '../columns.ts';
import type { PreparedTransactionFact } from '../facts.ts';

const SQL = `
SELECT gid AS name, owner, database, extract(epoch FROM now() - prepared)::float8 AS age
  FROM pg_prepared_xacts`;

export async function askPreparedTransactions(ask: Ask): Promise<PreparedTransactionFact[]> {
  return (await ask(SQL)).map((row) => ({
    name: textOf(row, 'name'),
    owner: textOf(row, 'owner'),
    database: textOf(row, 'database'),
    age: numberOf(row, 'age'),
  }));
}
