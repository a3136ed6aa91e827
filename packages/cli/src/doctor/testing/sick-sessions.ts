import { setTimeout as delay } from 'node:timers/promises';
import type { PostgresServer } from '@lifeguard/testkit';
import pg from 'pg';
import { expect, test } from 'vitest';
import { complaints, hints, Patient } from './patient.ts';

/** So that nobody has to wait for a minute. */
const AT_ONCE = { thresholds: { warnSeconds: 0 } };

/** Sessions that take each other’s connections, and a server that has none left. */
export function sickSessions(serverOf: () => PostgresServer): void {
  test('idle in transaction, and who waits for it, as a tree', async () => {
    await using patient = await Patient.in(serverOf(), 'blocked');
    await patient.run(
      'CREATE TABLE seats (id int PRIMARY KEY, free int); INSERT INTO seats VALUES (1, 1)',
    );
    const holder = await patient.connect('checkout');
    await holder.query("BEGIN; UPDATE seats SET free = 0 WHERE id = 1 AND 'card 4711' <> ''");
    const waiting = await patient.connect('web');
    const first = waiting.query('UPDATE seats SET free = 2').catch(() => {});
    await untilWaiting(patient, 1);
    const migration = await patient.connect('migration');
    const second = migration.query('ALTER TABLE seats ADD COLUMN row int').catch(() => {});
    await untilWaiting(patient, 2);

    const report = await patient.examine({
      'idle-in-transaction': AT_ONCE,
      'blocked-sessions': { thresholds: { warnSeconds: 0, criticalCount: 2 } },
      'limits-not-set': { thresholds: { idleSeconds: 0 } },
    });
    expect(complaints(report)).toEqual([
      'critical blocked-sessions',
      'warning idle-in-transaction',
      'warning limits-not-set',
    ]);
    const [blocked, idle] = report.findings;
    expect(blocked?.evidence).toEqual([
      expect.stringMatching(/^pid \d+, checkout \(user postgres\) idle in transaction, /),
      expect.stringMatching(
        /^└─ pid \d+, web \(user postgres\) waits .*: UPDATE seats SET free = \?$/,
      ),
      expect.stringMatching(
        /^ {3}└─ pid \d+, migration .*: ALTER TABLE seats ADD COLUMN row int$|^└─ pid \d+, migration/,
      ),
    ]);
    expect(blocked?.remedies[0]?.code).toMatch(/pg_terminate_backend/);
    expect(JSON.stringify(idle)).not.toContain('4711');
    expect(report.picture).toMatchObject({ used: 3, active: 2, idleInTransaction: 1 });
    await holder.query('ROLLBACK');
    await Promise.all([first, second]);
  });

  test('long statements and transactions, idle connections, many connections', async () => {
    await using patient = await Patient.in(serverOf(), 'long');
    const report = await patient.connect('report');
    const running = report.query('SELECT pg_sleep(600)').catch(() => {});
    const batch = await patient.connect('batch');
    await batch.query('BEGIN; SELECT 1');
    await Promise.all(Array.from({ length: 14 }, () => patient.connect('old pool')));
    // The transaction does something just now, and has not for all of its time.
    await delay(20);
    const between = batch.query('SELECT pg_sleep(600)').catch(() => {});
    await untilActive(patient, 2);

    const seen = await patient.examine({
      'long-running-statement': { thresholds: { seconds: 0 } },
      'idle-connections': { thresholds: { idleSeconds: 0 } },
      'many-connections': { thresholds: { connections: 16 } },
    });
    expect(complaints(seen)).toEqual([
      'warning idle-connections',
      'warning long-running-statement',
      'warning many-connections',
    ]);
    expect(seen.findings[0]?.evidence).toHaveLength(2);
    expect(seen.picture?.shares[0]).toMatchObject({ application: 'old pool', total: 14, idle: 14 });
    await patient.run(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'",
    );
    await Promise.all([running, between]);
  });

  test('a full server, limits of role and database, a plan that does not fit', async () => {
    await using patient = await Patient.in(serverOf(), 'full');
    await patient.run(
      "CREATE ROLE web LOGIN PASSWORD 'web' CONNECTION LIMIT 20",
      'ALTER DATABASE "full" CONNECTION LIMIT 26',
    );
    patient.cure('DROP ROLE web');
    const asWeb = patient.url().replace(/\/\/[^@]*@/, '//web:web@');
    await Promise.all(Array.from({ length: 18 }, () => patient.connect('web', asWeb)));
    await Promise.all(Array.from({ length: 4 }, () => patient.connect('worker')));
    const report = await patient.examine(
      {},
      { instances: 3, url: `${asWeb}?connection_limit=4&application_name=web` },
    );
    expect(complaints(report)).toEqual([
      'critical plan-exceeds-server',
      'critical role-limit',
      'warning database-limit',
      'warning server-full',
    ]);
    expect(report.picture).toMatchObject({
      max: 30,
      reserved: 3,
      usable: 27,
      used: 22,
      free: 5,
      plan: { connections: 24, others: 4, wanted: 28 },
      roles: [{ name: 'web', used: 18, limit: 20 }],
      databases: [{ name: 'full', used: 22, limit: 26 }],
    });
    const plan = report.findings.find(({ id }) => id === 'plan-exceeds-server');
    expect(plan?.remedies[0]?.code).toBe('?connection_limit=2');
  });

  test('a server with no place left is explained, and the configuration told of', async () => {
    await using patient = await Patient.in(serverOf(), 'overfull');
    await patient.run("CREATE ROLE late LOGIN PASSWORD 'late'");
    patient.cure('DROP ROLE late');
    const asLate = patient.url().replace(/\/\/[^@]*@/, '//late:late@');
    await Promise.all(Array.from({ length: 27 }, () => patient.connect('greedy', asLate)));
    const report = await patient.examine({}, { url: asLate });
    expect(complaints(report)).toEqual(['critical cannot-connect']);
    expect(report.findings[0]?.title).toMatch(/connection/);
    expect(report.findings[0]?.evidence[0]).toMatch(/53300/);
    expect(hints(report)).toEqual(['no-application-name']);
  });

  test('connections that come and go', async () => {
    await using patient = await Patient.in(serverOf(), 'churn');
    let isOver = false;
    const churn = (async () => {
      while (!isOver) await patient.run('SELECT 1');
    })();
    const report = await patient.examine();
    isOver = true;
    await churn;
    expect(complaints(report)).toEqual(['warning connection-churn']);
  });

  test('clients that are gone without a goodbye', async () => {
    await using patient = await Patient.in(serverOf(), 'abandoned');
    for (let count = 0; count < 3; count++) {
      const client = await patient.connect('killed');
      (
        client as unknown as { connection: { stream: { destroy(): void } } }
      ).connection.stream.destroy();
    }
    const rules = { 'abandoned-sessions': { thresholds: { sessions: 3, percent: 1 } } };
    await expect
      .poll(async () => hints(await patient.examine(rules)), { timeout: 20_000 })
      .toContain('abandoned-sessions');
  });
}

function untilWaiting(patient: Patient, count: number): Promise<void> {
  return untilSessions(patient, "wait_event_type = 'Lock'", count);
}

function untilActive(patient: Patient, count: number): Promise<void> {
  return untilSessions(patient, "state = 'active' AND pid <> pg_backend_pid()", count);
}

async function untilSessions(patient: Patient, where: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: patient.url() });
  await client.connect();
  try {
    await expect
      .poll(
        async () =>
          (
            await client.query(
              `SELECT FROM pg_stat_activity WHERE datname = current_database() AND ${where}`,
            )
          ).rowCount,
      )
      .toBe(count);
  } finally {
    await client.end();
  }
}
