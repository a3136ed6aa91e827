import { readFileSync } from 'node:fs';

/** What the database scripts need of a client; a `pg.Client` or `pg.Pool` has it. */
export interface SqlClient {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

// Two folders up from here is the package, in src as in dist, where the compiler would not put an .sql file.
const schemaFile = new URL('../../sql/schema.sql', import.meta.url);

/** Creates the shop's tables and indexes in the first schema of the client's `search_path`, which must be empty. */
export async function createSchema(client: SqlClient): Promise<void> {
  await client.query(readFileSync(schemaFile, 'utf8'));
}
