import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { LEDGER_TABLE } from '../ledger.ts';
import { FaultWorld } from './fault-world.ts';
import { GATE_SCHEMA } from './gate.ts';

/** Only those who are not superusers are refused by a full server. */
const USER = 'caller';
const SCHEMA = `
  ${LEDGER_TABLE};
  ${GATE_SCHEMA};
  CREATE ROLE ${USER} LOGIN PASSWORD '${USER}';
  GRANT ALL ON ALL TABLES IN SCHEMA public TO ${USER}`;

/** A server for one test file; what is returned opens a pool and a network to it, for one test. */
export function useFaultServer(): () => Promise<FaultWorld> {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres({ settings: { max_connections: 20 } });
    const client = new pg.Client({ connectionString: server.url() });
    await client.connect();
    await client.query(SCHEMA);
    await client.end();
  });
  afterAll(() => server.stop('immediate'));

  return () => {
    const url = new URL(server.url());
    url.username = USER;
    url.password = USER;
    return FaultWorld.open(server, url.href);
  };
}
