import { createSchema, fillSchema } from '@lifeguard/storefront';
import { type PostgresServer, startFaultProxyProcess, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import type { Case } from './cases/case.ts';
import { ITEMS, TAKEN_ID } from './peers/sql.ts';

/** So that nothing of the server's own housekeeping falls into one peer's time. */
const SETTINGS = {
  autovacuum: 'off',
  checkpoint_timeout: '1h',
  max_wal_size: '8GB',
  shared_buffers: '256MB',
  jit: 'off',
};

const TABLES = `
  CREATE TABLE items (id integer PRIMARY KEY, name text NOT NULL, price_cents integer NOT NULL);
  INSERT INTO items
    SELECT i, 'item ' || i, i * 37 % 9900 FROM generate_series(1, ${ITEMS}) AS i;
  CREATE TABLE accounts (id integer PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 50);
  INSERT INTO accounts SELECT i, 0 FROM generate_series(1, ${ITEMS}) AS i;
  CREATE TABLE taken (id integer PRIMARY KEY);
  INSERT INTO taken VALUES (${TAKEN_ID});`;

/** The server of the whole run, with what its cases need. */
export class BenchServer {
  readonly version: string;
  readonly #server: PostgresServer;
  readonly #proxies = new Map<number, Promise<{ url(to: string): string; close(): unknown }>>();

  private constructor(server: PostgresServer, version: string) {
    this.#server = server;
    this.version = version;
  }

  static async start(cases: readonly Case[]): Promise<BenchServer> {
    const server = await startPostgres({ settings: SETTINGS });
    const client = new pg.Client(server.url());
    await client.connect();
    await client.query(TABLES);
    if (cases.some(({ needs }) => needs === 'shop')) {
      await createSchema(client);
      await fillSchema(client, { products: ITEMS, users: 1, orders: 1 });
    }
    await client.query('VACUUM (ANALYZE)');
    await client.query('CHECKPOINT');
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    await client.end();
    return new BenchServer(server, rows[0]?.server_version ?? 'unknown');
  }

  /** Where a case finds the server: by way of its network, if it has one. */
  async urlFor({ networkMillis }: Case): Promise<string> {
    const url = this.#server.url();
    if (networkMillis === undefined) return url;
    let proxy = this.#proxies.get(networkMillis);
    if (!proxy) {
      proxy = startFaultProxyProcess({ target: this.#server, delayMillis: networkMillis / 2 });
      this.#proxies.set(networkMillis, proxy);
    }
    return (await proxy).url(url);
  }

  async stop(): Promise<void> {
    for (const proxy of this.#proxies.values()) await (await proxy).close();
    await this.#server.stop('immediate');
  }
}
