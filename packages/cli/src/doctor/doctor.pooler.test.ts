import {
  PGBOUNCER_LIMIT_MILLIS,
  type PgBouncer,
  type PostgresServer,
  startPgBouncer,
  startPostgres,
} from '@lifeguard/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaints, hints, Patient } from './testing/patient.ts';

let server: PostgresServer;
const bouncers: PgBouncer[] = [];

beforeAll(async () => {
  server = await startPostgres({ settings: { max_connections: 30 } });
}, PGBOUNCER_LIMIT_MILLIS);
afterAll(async () => {
  for (const bouncer of bouncers) await bouncer.stop();
  await server?.stop('immediate');
});

const stranger = { user: 'stranger', password: 'stranger' };

async function bouncerWith(
  settings: Record<string, string | number>,
  keepsPrepared?: boolean,
): Promise<PgBouncer> {
  const bouncer = await startPgBouncer({
    target: server,
    users: [stranger],
    settings,
    ...(keepsPrepared !== undefined && { keepsPrepared }),
  });
  bouncers.push(bouncer);
  return bouncer;
}

test(
  'a pooler that is well set up: its version and mode, and nothing that counts',
  async () => {
    await using patient = await Patient.in(server, 'pooled');
    const bouncer = await bouncerWith({ default_pool_size: 5, max_client_conn: 200 });
    const url = bouncer.url(patient.url(), { pgbouncer: 'true', application_name: 'shop' });
    const report = await patient.examine({}, { url });
    expect(complaints(report)).toEqual([]);
    expect(hints(report)).toEqual(['limits-not-set', 'no-direct-url', 'no-statement-statistics']);
    expect(report.unseen).toEqual([]);
    expect(report.picture?.pooler).toMatchObject({
      version: expect.stringMatching(/^PgBouncer 1\./),
      mode: 'transaction',
      settings: { poolSize: 5, maxClients: 200 },
    });
  },
  PGBOUNCER_LIMIT_MILLIS,
);

test('without one there is none, whatever the address says', async () => {
  await using patient = await Patient.in(server, 'direct');
  const report = await patient.examine(
    {},
    { url: patient.url({ pgbouncer: 'true', application_name: 'shop' }) },
  );
  expect(report.picture?.pooler).toBeNull();
  expect(hints(report)).toContain('pooler-not-there');
});

test('clients that queue, limits that do not fit, an address that does not say so', async () => {
  await using patient = await Patient.in(server, 'queue');
  const bouncer = await bouncerWith(
    { default_pool_size: 1, max_db_connections: 28, max_client_conn: 30 },
    false,
  );
  const pooled = bouncer.url(patient.url());
  const holder = await patient.connect('holder', pooled);
  await holder.query('BEGIN');
  const waiter = await patient.connect('waiter', pooled);
  const waiting = waiter.query('SELECT 1');
  await expect
    .poll(
      async () =>
        (await bouncer.show('SHOW POOLS')).find(({ database }) => database === 'queue')?.cl_waiting,
    )
    .toBe(1);
  // Through another door, for this one is taken.
  const side = await bouncerWith({ default_pool_size: 28, max_client_conn: 30 });
  const report = await patient.examine(
    { 'pooler-queue': { thresholds: { warnSeconds: 0 } } },
    {
      url: side.url(patient.url(), { application_name: 'shop' }),
      poolerUrl: bouncer.consoleUrl,
      instances: 2,
    },
  );
  expect(complaints(report)).toEqual(['critical pooler-limits', 'warning pooler-queue']);
  expect(hints(report)).toContain('pooler-prepared-statements');
  await holder.query('COMMIT');
  await waiting;
});

test('a login that it refuses is told of, and the doctor goes on', async () => {
  await using patient = await Patient.in(server, 'refused');
  const bouncer = await bouncerWith({ default_pool_size: 5, pool_mode: 'session' });
  const url = bouncer.url(patient.url(), { statement_timeout: 5_000, application_name: 'shop' });
  const report = await patient.examine({}, { url });
  expect(complaints(report)).toEqual([
    'critical pooler-refuses-parameter',
    'warning pooler-session-mode',
  ]);
  expect(report.findings[0]?.remedies[0]?.code).toBe(
    "ALTER ROLE postgres SET statement_timeout = '5000';",
  );
});

test('who may not ask its console is told what could not be seen', async () => {
  await using patient = await Patient.in(server, 'stranger');
  await patient.run("CREATE ROLE stranger LOGIN PASSWORD 'stranger'");
  patient.cure('DROP ROLE stranger');
  const bouncer = await bouncerWith({ default_pool_size: 5 });
  const url = bouncer
    .url(patient.url(), { pgbouncer: 'true' })
    .replace(/\/\/[^@]*@/, '//stranger:stranger@');
  const report = await patient.examine({}, { url });
  const [major, minor] = bouncer.version;
  // From 1.26 on it tells everybody at login.
  const isTold = major > 1 || minor >= 26;
  expect(report.picture?.pooler).toMatchObject({
    version: isTold ? expect.stringContaining(`PgBouncer ${major}.${minor}.`) : null,
    mode: isTold ? 'transaction' : null,
    maxPreparedStatements: isTold ? 200 : null,
    settings: null,
  });
  expect(report.unseen).toContainEqual({
    what: 'the pooler’s limits and queues',
    why: 'its console did not let us in (not allowed)',
    remedy: expect.stringContaining('stats_users'),
  });
  const seen = await patient.examine({}, { url, poolerUrl: bouncer.consoleUrl });
  expect(seen.picture?.pooler?.settings?.poolSize).toBe(5);
});

test('a pooler that lets in and gives no connection', async () => {
  await using patient = await Patient.in(server, 'stuck');
  const bouncer = await bouncerWith({ default_pool_size: 1, query_wait_timeout: 1 });
  const pooled = bouncer.url(patient.url(), { application_name: 'shop' });
  const holder = await patient.connect('holder', pooled);
  await holder.query('BEGIN');
  const report = await patient.examine({}, { url: pooled });
  expect(complaints(report)).toContain('critical cannot-connect');
  expect(report.findings[0]?.evidence[0]).toContain('query_wait_timeout');
  expect(report.picture).toBeUndefined();
  await holder.query('COMMIT');
});
