import {
  DEBIAN_POSTGRES_LIMIT_MILLIS,
  type PostgresServer,
  startPostgres,
} from '@lifeguard/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { sickReplication } from './sick-replication.ts';
import { sickSessions } from './sick-sessions.ts';
import { sickTables } from './sick-tables.ts';
import { wellAndPoor } from './well-and-poor.ts';

/** Makes a server of a version sick in every way that the rules know, one after the other, and asks the doctor. */
export function describeServer(version: 15 | 18): void {
  describe(`PostgreSQL ${version}`, () => {
    let server: PostgresServer;

    beforeAll(async () => {
      server = await startPostgres({
        version,
        settings: {
          max_connections: 30,
          max_prepared_transactions: 2,
          shared_preload_libraries: 'pg_stat_statements',
          autovacuum_naptime: '1d',
          max_wal_senders: 4,
        },
      });
    }, DEBIAN_POSTGRES_LIMIT_MILLIS);
    afterAll(() => server?.stop('immediate'));

    wellAndPoor(() => server);
    sickSessions(() => server);
    sickTables(() => server);
    sickReplication(() => server);
  });
}
