import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { diagnose, type GuardEvent } from '@lifeguard/guard';
import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import { seededRandom } from '@lifeguard/testkit/random';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lifeguard, lifeguard } from '../lifeguard.ts';
import { ACCOUNTS, BALANCE, BANK_TABLES, type Transfer, wayOf } from '../testing/bank.ts';
import { PrismaClient } from '../testing/generated/client.ts';
import { unhandledRejections } from '../testing/rejections.ts';

const TRANSFERS = 20_000;
const CALLERS = 32;
/** Sessions are killed, connections are cut, or the server restarts. */
const TROUBLES = 80;
const RESTARTS = ['fast', 'immediate', 'fast'] as const;

let server: PostgresServer;
let db: Lifeguard;
const events: GuardEvent[] = [];
const sockets = new Set<Socket>();
const socketOf = (client: unknown) =>
  (client as { connection: { stream: Socket } }).connection.stream;
const rejections = unhandledRejections();

beforeAll(async () => {
  // Who deadlocks is told at once: it is not the server's patience that is tested.
  server = await startPostgres({ settings: { deadlock_timeout: '20ms' } });
  await asAdmin((sql) => sql.query(BANK_TABLES));
  const url = server.url({ application_name: 'bank', connection_limit: 10 });
  db = lifeguard({ url, signals: false, guard: { onEvent: (event) => events.push(event) } });
  db.pool.on('connect', (client) => sockets.add(socketOf(client)));
  db.pool.on('remove', (client) => sockets.delete(socketOf(client)));
});
afterAll(async () => {
  await db?.shutdown({ timeout: 1_000 });
  await server?.stop('immediate');
});

async function asAdmin<T>(run: (sql: pg.Client) => Promise<T>): Promise<T> {
  const sql = new pg.Client({ connectionString: server.url() });
  sql.on('error', () => {});
  await sql.connect();
  try {
    return await run(sql);
  } finally {
    await sql.end().catch(() => {});
  }
}

function kill(sessions: number): Promise<number> {
  return asAdmin(async (sql) => {
    const { rowCount } = await sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'bank' ORDER BY random() LIMIT $1`,
      [sessions],
    );
    return rowCount ?? 0;
  });
}

/** The server goes on with what it has been sent, and its answer reaches nobody. */
function cut(connections: number): number {
  const open = [...sockets].filter((socket) => !socket.destroyed);
  for (const socket of open.slice(0, connections)) socket.destroy();
  return Math.min(connections, open.length);
}

/** What was under way when a connection was cut has ended, one way or the other. */
async function settled(sql: pg.Client): Promise<void> {
  const { rows } = await sql.query('SELECT clock_timestamp() AS at');
  for (;;) {
    const { rowCount } = await sql.query(
      `SELECT FROM pg_stat_activity WHERE application_name = 'bank' AND xact_start <= $1`,
      [rows[0].at],
    );
    if (rowCount === 0) return;
    await pause(5);
  }
}

const random = seededRandom(7);
const oneOf = (count: number) => Math.floor(random() * count);

function transferOf(ref: number): Transfer {
  const fromId = 1 + oneOf(ACCOUNTS);
  const toId = 1 + ((fromId + oneOf(ACCOUNTS - 1)) % ACCOUNTS);
  return { ref, fromId, toId, amount: 1 + oneOf(100) };
}

test(`${TRANSFERS} transfers under kills and restarts: none lost, none doubled`, async () => {
  const prisma = new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
  const counts = {
    done: 0,
    kills: 0,
    cuts: 0,
    restarts: 0,
    again: 0,
    unknown: 0,
    codes: {} as Codes,
  };

  /** Until it is certain that it is done: what is not known is looked up, what was not done is done again. */
  async function carryOut(transfer: Transfer): Promise<void> {
    const way = wayOf(transfer);
    for (;;) {
      try {
        await way(prisma, transfer);
        return;
      } catch (error) {
        const { outcome } = diagnose(error);
        const code = `${(error as { code?: string }).code} ${outcome}`;
        counts.codes[code] = (counts.codes[code] ?? 0) + 1;
        if (outcome === 'unknown' && (await isThere(transfer))) return;
      }
      counts.again++;
      await pause(5 + 20 * random());
    }
  }

  async function isThere({ ref }: Transfer): Promise<boolean> {
    counts.unknown++;
    for (;;) {
      try {
        await asAdmin(settled);
        return (await prisma.transfer.count({ where: { ref } })) > 0;
      } catch {
        await pause(20);
      }
    }
  }

  let next = 0;
  async function caller(): Promise<void> {
    while (next < TRANSFERS) {
      await carryOut(transferOf(next++));
      counts.done++;
    }
  }

  /** By what has been done, not by the clock: a slow machine is not to be killed faster than it can connect. */
  async function troubleMaker(): Promise<void> {
    for (let trouble = 1; trouble < TROUBLES; trouble++) {
      while (counts.done < (TRANSFERS / TROUBLES) * trouble) await pause(5);
      if (trouble % (TROUBLES / (RESTARTS.length + 1)) === 0) {
        await server.restart(RESTARTS[counts.restarts++]);
      } else if (trouble % 2 === 0) {
        counts.kills += await kill(2);
      } else {
        counts.cuts += cut(4);
      }
    }
  }

  const began = performance.now();

  await Promise.all([troubleMaker(), ...Array.from({ length: CALLERS }, caller)]);
  const seconds = (performance.now() - began) / 1_000;

  const retries = events.filter(({ type }) => type === 'retry').length;
  console.info(
    `${TRANSFERS} transfers in ${seconds.toFixed(1)} s: ${counts.kills} sessions killed, ${counts.cuts} connections cut, ${counts.restarts} restarts; ${retries} retries by the guard, ${counts.again} by the callers, ${counts.unknown} looked up`,
    counts.codes,
  );
  await asAdmin(async (sql) => {
    const { rows: wrong } = await sql.query(
      'SELECT ref, count(*)::int FROM "Transfer" GROUP BY ref HAVING count(*) > 1',
    );
    expect(wrong).toEqual([]);
    const { rows: all } = await sql.query('SELECT count(*)::int AS n FROM "Transfer"');
    expect(all).toEqual([{ n: TRANSFERS }]);
    const { rows: unbalanced } = await sql.query(
      `SELECT id, balance FROM "Account" WHERE balance <> ${BALANCE}
         + (SELECT coalesce(sum(amount), 0) FROM "Transfer" WHERE "toId" = "Account".id)
         - (SELECT coalesce(sum(amount), 0) FROM "Transfer" WHERE "fromId" = "Account".id)`,
    );
    expect(unbalanced).toEqual([]);
  });
  // It was put to the test.
  expect(counts.restarts).toBe(RESTARTS.length);
  expect(Math.min(counts.kills, retries, counts.unknown)).toBeGreaterThan(0);
  expect(rejections).toEqual([]);
}, 240_000);

type Codes = Record<string, number>;
