import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CliRun } from '../testing/run-cli.ts';
import { againstSarif, againstSchema } from '../testing/schemas/validate.ts';

const folder = mkdtempSync(join(tmpdir(), 'lifeguard-doctor-'));
const runs: CliRun[] = [];
const sockets: Socket[] = [];
let server: PostgresServer;
/** Takes connections and never says a word. */
let mute: Server;

beforeAll(async () => {
  server = await startPostgres({ database: 'shop' });
  mute = createServer((socket) => void sockets.push(socket.on('error', () => {})));
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  for (const run of runs) run.kill();
  for (const socket of sockets) socket.destroy();
  mute.close();
  rmSync(folder, { recursive: true });
  await server.stop('immediate');
});

function start(args: readonly string[], env: Record<string, string> = {}): CliRun {
  const run = new CliRun(['doctor', '--dir', folder, ...args], env);
  runs.push(run);
  return run;
}

async function doctor(args: readonly string[], env: Record<string, string> = {}) {
  const run = start(args, env);
  const code = await run.end();
  return { code, stdout: run.stdout, complaints: run.complaints };
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function ask(sql: string, database = 'shop') {
  const client = new pg.Client({ connectionString: server.url({}, database) });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a healthy server: says so, exit code 0, nothing of itself left', async () => {
  const before = await ask("SELECT * FROM pg_settings WHERE source = 'session'");
  const { code, stdout, complaints } = await doctor([], { DATABASE_URL: server.url() });
  expect([code, complaints]).toEqual([0, []]);
  expect(stdout).toMatch(/^HEALTHY {2}nothing that needs doing/);
  expect(stdout).not.toContain('\u001b');
  expect(stdout).not.toContain(server.password);
  expect(await ask("SELECT * FROM pg_settings WHERE source = 'session'")).toEqual(before);
  expect(
    await ask("SELECT pid FROM pg_stat_activity WHERE application_name = 'lifeguard-doctor'"),
  ).toEqual([]);
});

test('colours where they are asked for, and the width that is given', async () => {
  const { stdout } = await doctor([], {
    DATABASE_URL: server.url(),
    FORCE_COLOR: '1',
    NO_COLOR: '',
    COLUMNS: '120',
  });
  expect(stdout).toContain('\u001b[32mHEALTHY');
  expect(stdout).toContain('·'.repeat(110));
});

describe.concurrent('formats on stdout, and nothing else', () => {
  test.each(['--json', '--format=json'])('%s', async (option) => {
    const { code, stdout } = await doctor([option, '--instances', '9'], {
      DATABASE_URL: server.url(),
    });
    const report = JSON.parse(stdout);
    expect(againstSchema('doctor.schema.json')(report)).toEqual([]);
    expect([code, report.summary.verdict]).toEqual([1, 'critical']);
    expect(report.findings[0].id).toBe('plan-exceeds-server');
  });

  test('sarif', async () => {
    const { code, stdout } = await doctor(['--format', 'sarif', '--fail-on', 'info'], {
      DATABASE_URL: server.url(),
    });
    expect([code, againstSarif()(JSON.parse(stdout))]).toEqual([1, []]);
  });

  test('markdown', async () => {
    const { code, stdout } = await doctor(['--format', 'markdown'], { DATABASE_URL: server.url() });
    expect([code, stdout.split('\n', 1)[0]]).toEqual([
      0,
      expect.stringMatching(/^## lifeguard doctor: shop at 127/),
    ]);
  });
});

test('--fail-on decides about the exit code, before the file that says it', async () => {
  const url = server.url({ pool_timeout: 120 });
  const codeOf = async (...args: string[]) =>
    (await doctor(['--no-server', '--url', url, ...args])).code;
  expect(await codeOf()).toBe(0);
  expect(await codeOf('--fail-on', 'warning')).toBe(1);
  const config = file('strict.json', '{"doctor":{"failOn":"warning"}}');
  expect(await codeOf('--config', config)).toBe(1);
  expect(await codeOf('--config', config, '--fail-on', 'never')).toBe(0);
  expect(
    await codeOf(
      '--config',
      file('quiet.json', '{"doctor":{"failOn":"warning","rules":{"wait-bound":"off"}}}'),
    ),
  ).toBe(0);
});

test('the configuration alone connects to nothing', async () => {
  const { port } = mute.address() as { port: number };
  const env = file(
    '.env.production',
    `DATABASE_URL="postgresql://app:s3cret@127.0.0.1:${port}/shop?connection_limit=90"\nVERCEL=1\n`,
  );
  const { code, stdout } = await doctor(['--no-server', '--env', env]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^WARNING {1,2}Functions on Vercel connect/);
  expect(stdout).toContain('.env.production');
  expect(stdout).toContain('the server was not asked');
  expect(stdout).not.toContain('s3cret');
  expect(sockets).toEqual([]);
});

test('the address may stand by itself, and the pool’s limit be said', async () => {
  const url = 'postgresql://app:s3cret@127.0.0.1/shop';
  const { code, stdout } = await doctor(['--no-server', '--limit', '70', url]);
  expect(code).toBe(0);
  expect(stdout).toContain('70 connections for one instance');
  expect(stdout).toContain('70 from --limit');
  const twice = await doctor(['--no-server', '--url', url, `${url}2`]);
  expect([twice.code, twice.complaints[0]]).toEqual([2, expect.stringContaining('given twice')]);
});

describe.concurrent('what can’t be reached is explained, exit code 3, the report is there all the same', () => {
  test.each([
    ['nobody there', () => 'postgresql://app:s3cret@127.0.0.1:1/shop', 'ECONNREFUSED'],
    ['a wrong password', () => server.url().replace(/:[^:@]*@/, ':s3cret@'), '28P01'],
    ['no such database', () => server.url({}, 'nowhere'), '3D000'],
    [
      'nobody answers',
      () =>
        `postgresql://app:s3cret@127.0.0.1:${(mute.address() as { port: number }).port}/shop?connect_timeout=1`,
      'time',
    ],
  ])('%s', async (_, url, words) => {
    const { code, stdout, complaints } = await doctor(['--json', '--url', url()]);
    expect([code, complaints]).toEqual([3, []]);
    const [finding] = JSON.parse(stdout).findings;
    expect(finding).toMatchObject({ id: 'cannot-connect', severity: 'critical' });
    expect(finding.evidence[0]).toContain(words);
    expect(stdout).not.toMatch(new RegExp(`s3cret|${server.password}|\\n +at `));
  });
});

describe.concurrent('wrong options, settings and files: exit code 2, one line', () => {
  test.each([
    [[], /no database given/],
    [['--url', 'nonsense'], /--url is not a URL/],
    [['--env', 'nowhere.env'], /--env nowhere\.env: there is no such file/],
    [['--config', 'nowhere.json'], /--config nowhere\.json: there is no such file/],
    [['--explain', 'blot'], /there is no such rule; did you mean bloat\?/],
    [['--instances', '0'], /Give a whole number from 1/],
    [['--format', 'xml'], /Allowed choices are text, json, sarif, markdown/],
    [['--fail-on', 'error'], /Allowed choices are critical/],
  ])('%j', async (args, words) => {
    const { code, stdout, complaints } = await doctor(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(complaints[0]).toMatch(words);
  });

  test('a config file with a misspelt rule', async () => {
    const config = file('misspelt.json', '{"doctor":{"rules":{"blot":"off"}}}');
    const { code, complaints } = await doctor(['--config', config, '--url', server.url()]);
    expect([code, complaints]).toEqual([
      2,
      [expect.stringContaining('there is no such rule; did you mean bloat?')],
    ]);
  });
});

test('--rules and --explain need no database', async () => {
  const all = await doctor(['--rules']);
  expect(all.code).toBe(0);
  expect(all.stdout).toMatch(/^idle-in-transaction +server +critical, warning$/m);
  const one = await doctor(['--explain', 'idle-in-transaction']);
  expect(one.stdout).toContain('warnSeconds = 10 s');
});

test('Ctrl-C: exit code 130, and what ran on the server is gone', async () => {
  const blocker = new pg.Client({ connectionString: server.url() });
  await blocker.connect();
  // The doctor's question about the settings waits for it.
  await blocker.query('BEGIN; LOCK TABLE pg_catalog.pg_settings IN ACCESS EXCLUSIVE MODE');
  const run = start(['--url', server.url()]);
  const working = () =>
    ask(
      "SELECT state FROM pg_stat_activity WHERE application_name = 'lifeguard-doctor' AND wait_event_type = 'Lock'",
    );
  await expect.poll(working, { interval: 5, timeout: 10_000 }).toHaveLength(1);
  run.interrupt();
  expect(await run.end()).toBe(130);
  expect(run.stdout).toBe('');
  await expect
    .poll(() => ask("SELECT pid FROM pg_stat_activity WHERE application_name = 'lifeguard-doctor'"))
    .toEqual([]);
  await blocker.end();
});

test('a connection that is lost on the way is told of, exit code 3', async () => {
  const blocker = new pg.Client({ connectionString: server.url() });
  await blocker.connect();
  await blocker.query('BEGIN; LOCK TABLE pg_catalog.pg_settings IN ACCESS EXCLUSIVE MODE');
  const run = start(['--json', '--url', server.url()]);
  const end = () =>
    ask(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lifeguard-doctor' AND wait_event_type = 'Lock'",
    );
  await expect.poll(end, { interval: 5, timeout: 10_000 }).toHaveLength(1);
  expect(await run.end()).toBe(3);
  const { findings, unseen, server: seen } = JSON.parse(run.stdout);
  expect(findings[0]).toMatchObject({
    id: 'cannot-connect',
    title: expect.stringMatching(/^The doctor gets no answer: /),
  });
  expect(unseen).toHaveLength(1);
  expect(unseen[0]).toEqual({
    what: expect.stringContaining('the sessions, the databases'),
    why: expect.stringContaining('terminating connection'),
  });
  expect(seen.database).toBe('shop');
  await blocker.end();
});

test('nothing is written, and no lock outlives it', async () => {
  await ask("ALTER SYSTEM SET log_statement = 'none'");
  const [before] = await ask(
    'SELECT pg_current_xact_id_if_assigned() IS NULL AS none, txid_snapshot_xmax(txid_current_snapshot()) AS next',
  );
  await doctor(['--url', server.url()]);
  const [after] = await ask('SELECT txid_snapshot_xmax(txid_current_snapshot()) AS next');
  // A transaction that writes takes a number; none was taken but by these looks themselves.
  expect(Number(after?.next) - Number(before?.next)).toBeLessThanOrEqual(1);
});

test('five hundred tables with all that belongs to them', async () => {
  await server.createDatabase('wide');
  await ask(
    `DO $$ BEGIN
      FOR n IN 1..500 LOOP
        EXECUTE format('CREATE TABLE t%s (id serial PRIMARY KEY, parent int %s, a text UNIQUE, b int)', n,
                       CASE WHEN n > 1 THEN 'REFERENCES t' || n - 1 ELSE '' END);
        EXECUTE format('CREATE INDEX ON t%s (a, b)', n);
      END LOOP;
    END $$`,
    'wide',
  );
  const { code, stdout } = await doctor(['--json', '--url', server.url({}, 'wide')]);
  const { unseen, rules } = JSON.parse(stdout);
  expect([code, unseen, rules.notAsked]).toEqual([0, [], []]);
});
