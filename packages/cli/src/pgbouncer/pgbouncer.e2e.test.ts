import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findFreePort,
  PGBOUNCER_LIMIT_MILLIS,
  type PgBouncer,
  type PostgresServer,
  startPgBouncer,
  startPostgres,
  startWrittenPgBouncer,
} from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CliRun } from '../testing/run-cli.ts';
import { againstSchema } from '../testing/schemas/validate.ts';
import { scramSecret } from './write/scram.ts';

const PASSWORD = 'pä ss"word';
/** Where the machine is busy, all of it takes its time. */
const PATIENT = { timeout: 15_000 };
let server: PostgresServer;
let folder: string;
const bouncers: PgBouncer[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lifeguard-pgbouncer-test-'));
  server = await startPostgres({ database: 'shop', settings: { max_connections: 60 } });
  await onServer(`CREATE ROLE app LOGIN PASSWORD '${PASSWORD}'`);
}, PGBOUNCER_LIMIT_MILLIS);
afterAll(async () => {
  for (const bouncer of bouncers) await bouncer.stop();
  rmSync(folder, { recursive: true });
  await server?.stop('immediate');
});

async function onServer(sql: string, url = server.url()) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function appUrl(params: Record<string, string> = {}): string {
  const url = new URL(server.url(params));
  url.username = 'app';
  url.password = encodeURIComponent(PASSWORD);
  return url.href;
}

async function pgbouncer(args: readonly string[], env: Record<string, string> = {}) {
  const run = new CliRun(['pgbouncer', ...args], env);
  const code = await run.end();
  expect(run.stdout + run.stderr).not.toContain(PASSWORD);
  expect(run.stdout + run.stderr).not.toContain(server.password);
  return { code, stdout: run.stdout, stderr: run.stderr };
}

/** Our files, in a PgBouncer for real. */
async function bouncerFrom(dir: string, port: number, user = 'app', password = PASSWORD) {
  const bouncer = await startWrittenPgBouncer({ folder: dir, port, admin: { user, password } });
  bouncers.push(bouncer);
  return bouncer;
}

async function bouncerWith(
  settings: Record<string, string | number>,
  keepsPrepared = false,
): Promise<PgBouncer> {
  const users = [{ user: 'app', password: PASSWORD }];
  const bouncer = await startPgBouncer({ target: server, users, settings, keepsPrepared });
  bouncers.push(bouncer);
  return bouncer;
}

describe('writes files that a PgBouncer runs by', () => {
  test('SCRAM passes through: the secret is the server’s own, the password is nowhere', async () => {
    const dir = join(folder, 'scram');
    const port = await findFreePort();
    const { code, stdout } = await pgbouncer(
      ['--dir', dir, '--listen-port', `${port}`, '--auth-file', 'userlist.txt', '--json'],
      { DATABASE_URL: appUrl() },
    );
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(againstSchema('pgbouncer.schema.json')(report)).toEqual([]);
    expect(report.url).toMatch(
      new RegExp(`^postgresql://app:PASSWORD@127\\.0\\.0\\.1:${port}/shop\\?.*pgbouncer=true$`),
    );
    expect(report.directUrl).toBe(`postgresql://app:PASSWORD@127.0.0.1:${server.port}/shop`);
    expect(statSync(report.files.userlist).mode & 0o777).toBe(0o600);
    const [{ rolpassword }] = await onServer(
      "SELECT rolpassword FROM pg_authid WHERE rolname = 'app'",
    );
    expect(readFileSync(report.files.userlist, 'utf8')).toBe(`"app" "${rolpassword}"\n`);

    const bouncer = await bouncerFrom(dir, port);
    const url = report.url.replace('PASSWORD', encodeURIComponent(PASSWORD));
    expect(await onServer('SELECT current_user, inet_server_port() AS port', url)).toEqual([
      { current_user: 'app', port: server.port },
    ]);
    const wrong = report.url.replace('PASSWORD', 'wrong');
    await expect(onServer('SELECT 1', wrong)).rejects.toThrow();
    const config = await bouncer.show('SHOW CONFIG');
    expect(config.find(({ key }) => key === 'pool_mode')?.value).toBe('transaction');
    expect(bouncer.log).not.toMatch(/ (?:WARNING|ERROR|FATAL) (?!C-)/);

    // And it stands the checks, with the same addresses.
    const check = await pgbouncer(['check', url, '--direct', appUrl(), '--json']);
    expect(
      JSON.parse(check.stdout).checks.filter(({ status }: { status: string }) => status !== 'pass'),
    ).toEqual([]);
    expect(check.code).toBe(0);
  });

  test('an MD5 hash where the server has no other, and says so', async () => {
    const hba = join(server.dataDir, 'pg_hba.conf');
    writeFileSync(hba, `host all old 127.0.0.1/32 md5\n${readFileSync(hba, 'utf8')}`);
    await onServer('SELECT pg_reload_conf()');
    await onServer(
      "SET password_encryption = 'md5'; CREATE ROLE old LOGIN PASSWORD 'old-password'",
    );
    const dir = join(folder, 'md5');
    const port = await findFreePort();
    const url = server.url().replace(/\/\/[^@]*@/, '//old:old-password@');
    const { code, stdout } = await pgbouncer([
      '--dir',
      dir,
      '--listen-port',
      `${port}`,
      '--auth-file',
      'userlist.txt',
      '--url',
      url,
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/MD5 hash[\s\S]*out of date/);
    expect(readFileSync(join(dir, 'pgbouncer.ini'), 'utf8')).toContain('auth_type = md5');
    await bouncerFrom(dir, port, 'old', 'old-password');
    const pooled = url.replace(`:${server.port}`, `:${port}`);
    expect(await onServer('SELECT current_user', pooled)).toEqual([{ current_user: 'old' }]);
  });

  test('a database whose name PgBouncer can’t write', async () => {
    await server.createDatabase('my shop "1"');
    const dir = join(folder, 'quoted');
    const port = await findFreePort();
    const direct = new URL(appUrl());
    direct.pathname = `/${encodeURIComponent('my shop "1"')}`;
    const { code } = await pgbouncer([
      '--dir',
      dir,
      '--listen-port',
      `${port}`,
      '--auth-file',
      'userlist.txt',
      '--url',
      direct.href,
    ]);
    expect(code).toBe(0);
    await bouncerFrom(dir, port);
    direct.port = `${port}`;
    expect(await onServer('SELECT current_database() AS name', direct.href)).toEqual([
      { name: 'my shop "1"' },
    ]);
  });

  test('never over what is there, unless that is meant', async () => {
    const dir = join(folder, 'twice');
    const write = (...more: string[]) => pgbouncer(['--dir', dir, ...more, '--url', appUrl()]);
    expect((await write()).code).toBe(0);
    const first = readFileSync(join(dir, 'pgbouncer.ini'), 'utf8');
    const second = await write('--db-cores', '1');
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toMatch(/pgbouncer\.ini is there already: --force overwrites it/);
    expect(readFileSync(join(dir, 'pgbouncer.ini'), 'utf8')).toBe(first);
    expect((await write('--db-cores', '1', '--force')).code).toBe(0);
    expect(readFileSync(join(dir, 'pgbouncer.ini'), 'utf8')).not.toBe(first);
    expect(statSync(join(dir, 'userlist.txt')).mode & 0o777).toBe(0o600);
  });

  test('not where it can’t, and nothing of a server that can’t be reached', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    const nowhere = await pgbouncer(['--dir', join(folder, 'a-file', 'below'), '--url', appUrl()]);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toMatch(/can’t be written/);
    const dir = join(folder, 'unreachable');
    const none = await pgbouncer(['--dir', dir, '--url', 'postgresql://app:x@127.0.0.1:1/shop']);
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('ECONNREFUSED');
    expect(() => statSync(dir)).toThrow();
  });
});

describe('check', () => {
  const statusOf = (stdout: string) =>
    Object.fromEntries(
      JSON.parse(stdout).checks.map(({ id, status }: { id: string; status: string }) => [
        id,
        status,
      ]),
    );

  test('a PgBouncer with everything wrong: each is found, and what to write', async () => {
    const bouncer = await bouncerWith({
      pool_mode: 'transaction',
      server_reset_query_always: 1,
      default_pool_size: 90,
      max_client_conn: 20,
      query_wait_timeout: 0,
      stats_users: 'app',
    });
    const url = bouncer.url(appUrl(), { statement_timeout: 5_000 });
    const { code, stdout } = await pgbouncer([
      'check',
      url,
      '--instances',
      '12',
      '--direct',
      bouncer.url(appUrl()),
      '--json',
    ]);
    expect(code).toBe(1);
    expect(againstSchema('pgbouncer.schema.json')(JSON.parse(stdout))).toEqual([]);
    expect(statusOf(stdout)).toEqual({
      login: 'pass',
      'startup-parameters': 'fail',
      mode: 'pass',
      'prepared-statements': 'fail',
      sizes: 'fail',
      clients: 'fail',
      'wait-bound': 'warn',
      auth: 'pass',
      'reset-query': 'warn',
      tls: 'pass',
      'direct-url': 'fail',
    });
  });

  test('whoever may not see the console is told so', async () => {
    const bouncer = await bouncerWith({});
    const { code, stdout } = await pgbouncer([
      'check',
      bouncer.url(appUrl(), { pgbouncer: 'true' }),
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^READY, as far as it could be seen, with 1 thing to mend/);
    expect(stdout).toContain('stats_users = app');
  });

  test('the server itself is no pooler', async () => {
    const { code, stdout } = await pgbouncer(['check'], { DATABASE_URL: appUrl() });
    expect(code).toBe(1);
    expect(stdout).toContain('No pooler stands at this address');
  });
});

describe('status', () => {
  test('who waits, for how long, and why', async () => {
    const bouncer = await bouncerWith({
      default_pool_size: 1,
      query_wait_timeout: 20,
      stats_users: 'app',
    });
    const url = bouncer.url(appUrl());
    const holder = new pg.Client({ connectionString: url });
    const waiter = new pg.Client({ connectionString: url });
    await Promise.all([holder.connect(), waiter.connect()]);
    await holder.query('BEGIN');
    const waiting = waiter.query('SELECT 1');
    await expect
      .poll(
        async () =>
          Number((await bouncer.show('SHOW POOLS')).find(({ user }) => user === 'app')?.maxwait),
        PATIENT,
      )
      .toBeGreaterThanOrEqual(1);
    const { code, stdout } = await pgbouncer(['status', url]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^1 client of shop\/app waits, the longest for \d+(\.\d)? s/);
    expect(stdout).toMatch(/shop\/app +2 +1 +\d+(\.\d)? s +1 +0 +1\n/);
    const asJson = await pgbouncer(['status', '--json', bouncer.consoleUrl]);
    const report = JSON.parse(asJson.stdout);
    expect(againstSchema('pgbouncer.schema.json')(report)).toEqual([]);
    expect(report).toMatchObject({
      command: 'pgbouncer status',
      settings: { mode: 'transaction', poolSize: 1 },
      findings: [{ id: 'queue', severity: 'warning' }],
    });
    await holder.query('COMMIT');
    await waiting;
    await Promise.all([holder.end(), waiter.end()]);
    const after = await pgbouncer(['status', url]);
    expect(after.code).toBe(0);
    expect(after.stdout).toMatch(/^WELL/);
  });

  test.each([
    ['is none', () => appUrl(), /is PostgreSQL itself, or a pooler without a console/],
    ['is nothing', () => 'postgresql://app:x@127.0.0.1:1/shop', /ECONNREFUSED/],
  ])('what %s is told as such', async (_, url, words) => {
    const { code, stderr } = await pgbouncer(['status', url()]);
    expect([code, stderr]).toEqual([3, expect.stringMatching(words)]);
  });

  test('whoever may not ask is told what would let them', async () => {
    const bouncer = await bouncerWith({});
    const { code, stderr } = await pgbouncer(['status', bouncer.url(appUrl())]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/does not let app see its console[\s\S]*stats_users = app/);
  });
});

test('the secret of RFC 7677’s example', () => {
  // Its messages, with what PostgreSQL makes of that password, salt and count.
  expect(scramSecret('pencil', { salt: 'W22ZaJ0SNY7soEsUEjb6gQ==', iterations: 4_096 })).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});
