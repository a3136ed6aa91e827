import { Pool } from '@lifeguard/pool';
import {
  INSTALL_LIMIT_MILLIS,
  PGBOUNCER_LIMIT_MILLIS,
  type PostgresServer,
  startPgBouncer,
  startPostgres,
} from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ServerConnection } from './connection.ts';
import { activity } from './queries/activity.ts';
import { limits } from './queries/limits.ts';
import { replication } from './queries/replication.ts';
import { statements } from './queries/statements.ts';
import { summarizeServer } from './summary.ts';

const opened: pg.Client[] = [];
const watching: ServerConnection[] = [];
afterEach(async () => {
  for (const connection of watching.splice(0)) connection.close();
  await Promise.all(opened.splice(0).map((client) => client.end().catch(() => {})));
});

async function connect(connectionString: string, application_name = 'shop'): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name });
  client.on('error', () => {});
  opened.push(client);
  await client.connect();
  return client;
}

function look(connectionString: string): ServerConnection {
  const connection = new ServerConnection({ connectionString });
  watching.push(connection);
  return connection;
}

function pidOf(client: pg.Client): number {
  return (client as unknown as { processID: number }).processID;
}

describe.each([18, 15] as const)('PostgreSQL %d', (version) => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ version });
    const admin = await connect(server.url());
    await admin.query(`
      CREATE TABLE accounts (id int PRIMARY KEY, balance int);
      INSERT INTO accounts VALUES (1, 0), (2, 0);
      CREATE ROLE "Nosy" LOGIN PASSWORD 'nosy' CONNECTION LIMIT 7`);
  }, INSTALL_LIMIT_MILLIS);
  afterAll(() => server.stop('immediate'));

  function asNosy(): string {
    const url = new URL(server.url());
    url.username = 'Nosy';
    url.password = 'nosy';
    return url.href;
  }

  test('tells who waits for whom, what runs long, and what is idle in a transaction', async () => {
    const holder = await connect(server.url(), 'billing');
    await holder.query('BEGIN');
    await holder.query('UPDATE accounts SET balance = 4711 WHERE id = 1');
    const second = await connect(server.url());
    await second.query('BEGIN');
    await second.query('UPDATE accounts SET balance = 1 WHERE id = 2');
    const waiting = second.query('UPDATE accounts SET balance = 2 WHERE id = 1');
    const third = await connect(server.url());
    const last = third.query(
      "UPDATE accounts SET balance = 3 WHERE id = 2 AND 'secret' = 'secret'",
    );

    const connection = look(server.url());
    const read = async () => summarizeServer({ sessions: await connection.ask(activity) });
    const chain = {
      pid: pidOf(holder),
      waiting: 2,
      session: {
        application: 'billing',
        state: 'idle in transaction',
        statement: 'UPDATE accounts SET balance = ? WHERE id = ?',
      },
      blocks: [
        {
          pid: pidOf(second),
          waiting: 1,
          session: { waitsFor: 'Lock: transactionid' },
          blocks: [{ pid: pidOf(third), waiting: 0 }],
        },
      ],
    };
    await expect.poll(async () => (await read()).blockers).toMatchObject([chain]);
    // From a second on they are long.
    await expect.poll(async () => (await read()).longRunning.length, { timeout: 10_000 }).toBe(2);
    const seen = await read();
    expect(seen.idleInTransaction).toMatchObject([{ pid: pidOf(holder), database: 'postgres' }]);
    expect(seen.connections.byApplication).toContainEqual(
      expect.objectContaining({ application: 'billing', idleInTransaction: 1 }),
    );
    expect(JSON.stringify(seen)).not.toMatch(/4711|secret/);
    await holder.query('ROLLBACK');
    await waiting;
    await second.query('COMMIT');
    await last;
    expect((await read()).blockers).toEqual([]);
  });

  test('a role without privileges sees locks and numbers, and is told what else there is', async () => {
    const holder = await connect(server.url());
    await holder.query('BEGIN');
    await holder.query('UPDATE accounts SET balance = 1 WHERE id = 1');
    const other = await connect(server.url());
    const waiting = other.query('UPDATE accounts SET balance = 1 WHERE id = 1');
    const connection = look(asNosy());
    const known = await connection.ask(limits);
    const read = async () =>
      summarizeServer({ limits: known, sessions: await connection.ask(activity) });
    await expect
      .poll(async () => (await read()).blockers)
      .toMatchObject([
        { pid: pidOf(holder), waiting: 1, session: { statement: null, state: null } },
      ]);
    const seen = await read();
    expect(seen.connections).toMatchObject({ max: 97, reserved: 3, roleLimit: 7 });
    expect(seen.notSeen[0]).toMatch(/^what \d sessions .* GRANT pg_read_all_stats TO "Nosy"/);
    await holder.query('ROLLBACK');
    await waiting;

    const admin = await connect(server.url());
    await admin.query('GRANT pg_read_all_stats TO "Nosy"');
    const allowed = await look(asNosy()).ask(limits);
    expect(
      summarizeServer({ limits: allowed, sessions: await connection.ask(activity) }).notSeen,
    ).toEqual([]);
    await admin.query('REVOKE pg_read_all_stats FROM "Nosy"');
  });

  test('standbys and how far they are behind', async () => {
    const connection = look(server.url());
    expect(await connection.ask(replication)).toEqual({
      ownLagMillis: null,
      standbys: [],
      keptBySlot: {},
      timeline: expect.stringMatching(/^[0-9A-F]{8}$/),
    });
    const standby = new pg.Client({
      connectionString: server.url(),
      application_name: 'replica-1',
      replication: 'true',
    } as pg.ClientConfig);
    standby.on('error', () => {});
    await standby.connect();
    try {
      await expect
        .poll(async () => (await connection.ask(replication)).standbys)
        .toMatchObject([{ name: 'replica-1', isSynchronous: false, lagBytes: null }]);
    } finally {
      await standby.end();
    }
  });

  test('its own connection has limits while it looks, and leaves none behind', async () => {
    const connection = look(server.url({ application_name: 'shop' }));
    const settings = {
      name: 'settings',
      sql: `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
        current_setting('transaction_read_only') AS readonly, current_setting('application_name') AS name`,
      parse: (rows: readonly object[]) => rows[0],
    };
    expect(await connection.ask(settings)).toEqual({
      statement: '2s',
      lock: '200ms',
      readonly: 'on',
      name: 'lifeguard-monitor',
    });
    const slow = { ...settings, sql: 'SELECT pg_sleep(60)' };
    await expect(connection.ask(slow)).rejects.toMatchObject({ code: '57014' });
    expect(await connection.ask(settings)).toMatchObject({ statement: '2s' });
  });
});

test(
  'what has cost most, without literals',
  async () => {
    // Debian's server brings the extension along, npm's does not.
    await using server = await startPostgres({
      version: 15,
      settings: { shared_preload_libraries: 'pg_stat_statements' },
    });
    const admin = await connect(server.url());
    const connection = look(server.url());
    const before = await connection.ask(limits);
    expect(before && statements(before)).toBeUndefined();
    await admin.query(
      'CREATE SCHEMA "My ext"; CREATE EXTENSION pg_stat_statements SCHEMA "My ext"',
    );
    const known = await connection.ask(limits);
    expect(known).toMatchObject({
      statementsView: '"My ext".pg_stat_statements',
      countsStatements: true,
      hasExecTime: true,
    });
    for (let i = 0; i < 3; i++) await admin.query(`SELECT pg_sleep(0.02), ${i} AS n`);
    await admin.query("CREATE ROLE temp PASSWORD 'very-secret'");
    const query = known && statements(known);
    if (!query) throw new Error('the extension is there');
    const seen = summarizeServer({ statements: await connection.ask(query) });
    expect(seen.statements).toContainEqual(
      expect.objectContaining({ statement: 'SELECT pg_sleep($1), $2 AS n', calls: 3, rows: 3 }),
    );
    expect(JSON.stringify(seen)).not.toContain('very-secret');
    await admin.query('DROP ROLE temp');
  },
  INSTALL_LIMIT_MILLIS,
);

test(
  'behind PgBouncer it works, and its limits stay with nobody',
  async () => {
    await using server = await startPostgres();
    await using bouncer = await startPgBouncer({ target: server });
    const connection = look(bouncer.url(server.url()));
    expect(await connection.ask(limits)).toMatchObject({ version: expect.any(String) });
    const other = await connect(bouncer.url(server.url()));
    const { rows } = await other.query('SHOW statement_timeout');
    expect(rows).toEqual([{ statement_timeout: '0' }]);
  },
  PGBOUNCER_LIMIT_MILLIS,
);

test('the pool says how to reach its server, and none of its connections is taken', async () => {
  await using server = await startPostgres();
  await using pool = new Pool({ connectionString: server.url(), max: 1 });
  const held = await pool.connect();
  const connection = new ServerConnection(pool);
  watching.push(connection);
  expect(await connection.ask(limits)).toMatchObject({ isReplica: false, maxConnections: 100 });
  expect(pool.stats()).toMatchObject({ pending: 0, connections: { total: 1 } });
  held.release();
});
