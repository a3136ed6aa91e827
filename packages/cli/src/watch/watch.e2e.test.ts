import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { CliRun } from '../testing/run-cli.ts';
import { againstSchema } from '../testing/schemas/validate.ts';

/** Where the machine is busy, all of it takes its time. */
const PATIENT = { timeout: 15_000 };
let server: PostgresServer;
let runs: CliRun[] = [];
let clients: pg.Client[] = [];

beforeAll(async () => {
  server = await startPostgres({ database: 'shop', settings: { max_connections: 30 } });
  const admin = await connect('admin');
  await admin.query("CREATE ROLE looker LOGIN PASSWORD 'looker'");
  await admin.query('CREATE TABLE product (id int PRIMARY KEY, stock int)');
  await admin.query('INSERT INTO product VALUES (1, 10)');
  await admin.end();
});
afterEach(async () => {
  for (const run of runs) run.kill();
  runs = [];
  await Promise.all(clients.map((client) => client.end().catch(() => {})));
  clients = [];
});
afterAll(() => server?.stop('immediate'));

async function connect(name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.url({ application_name: name }) });
  client.on('error', () => {});
  clients.push(client);
  await client.connect();
  return client;
}

function start(args: readonly string[], env: Record<string, string> = {}): CliRun {
  const run = new CliRun(['watch', ...args], { DATABASE_URL: server.url(), ...env });
  runs.push(run);
  return run;
}

/** A transaction that does nothing holds up another. */
async function block(): Promise<void> {
  const holder = await connect('checkout');
  await holder.query('BEGIN');
  await holder.query('UPDATE product SET stock = 3 WHERE id = 1');
  const waiter = await connect('web');
  waiter.query('UPDATE product SET stock = 4 WHERE id = 1').catch(() => {});
  const admin = await connect('admin');
  await expect
    .poll(async () => {
      const { rows } = await admin.query(
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
      );
      return rows.length;
    }, PATIENT)
    .toBe(1);
}

test('one look: connections, who holds up whom, without literals', async () => {
  await block();
  const run = start(['--once']);
  expect(await run.end()).toBe(0);
  expect(run.complaints).toEqual([]);
  expect(run.stdout).toMatch(/Connections: 4 of 27 in use, 23 free/);
  expect(run.stdout).toMatch(/Who holds up others\n \d+ checkout, idle in transaction for/);
  expect(run.stdout).toMatch(
    / └─ \d+ web, waits for .*: UPDATE product SET stock = \? WHERE id = \?/,
  );
  expect(run.stdout).not.toContain(server.password);
  expect(run.stdout).not.toContain('\u001b');
});

test('who may see little is told what is not seen', async () => {
  await block();
  const url = server.url().replace(/\/\/[^@]*@/, '//looker:looker@');
  const run = start(['--once', url]);
  expect(await run.end()).toBe(0);
  expect(run.stdout).toMatch(/not seen 3/);
  expect(run.stdout.replace(/\s+/g, ' ')).toContain(
    'Not seen: what 3 sessions of other roles do: GRANT pg_read_all_stats TO looker shows it',
  );
});

test('JSON, a line for each look; one connection, and nothing of it left', async () => {
  const run = start(['--json', '--interval', '0.5', '--no-dashboard']);
  await expect.poll(() => run.stdout.split('\n').length, PATIENT).toBeGreaterThan(3);
  const admin = await connect('admin');
  const ours = async () =>
    (await admin.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'lifeguard-watch'"))
      .rows.length;
  expect(await ours()).toBe(1);
  run.interrupt();
  expect(await run.end()).toBe(130);
  await expect.poll(ours, PATIENT).toBe(0);
  const looks = run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const look of looks) expect(againstSchema('watch.schema.json')(look)).toEqual([]);
  const rates = looks.map(({ transactionsPerSecond }) => transactionsPerSecond);
  expect([rates[0], rates.at(-1)]).toEqual([null, expect.any(Number)]);
  expect(looks[0].server.connections).toMatchObject({ max: 27, reserved: 3, used: 1 });
});

test('a restart of the server is told, and it comes back; the page goes on meanwhile', async () => {
  const run = start(['--interval', '0.5', '--port', '0']);
  await expect.poll(() => run.stdout, PATIENT).toMatch(/1 of 27 connections/);
  const [, page = ''] = /dashboard: (\S+)/.exec(run.stderr) ?? [];
  const look = async () => (await (await fetch(`${page}?snapshot`)).json()).snapshot;
  expect((await look()).pools[0]).toMatchObject({
    kind: 'server',
    connections: { max: 27, total: 1 },
    server: { version: expect.stringMatching(/^18/), problem: null },
  });
  await server.halt();
  await expect.poll(() => run.stdout, PATIENT).toMatch(/does not answer: /);
  await expect
    .poll(
      async () => (await look()).incidents.active.map(({ kind }: { kind: string }) => kind),
      PATIENT,
    )
    .toEqual(['server-down']);
  await server.resume();
  await expect.poll(() => run.stdout, PATIENT).toMatch(/it answers again/);
  run.interrupt();
  expect(await run.end()).toBe(130);
  await expect(fetch(page)).rejects.toThrow();
});

test.each([
  [['postgresql://looker:wrong@127.0.0.1:1/shop', '--once'], 3, /ECONNREFUSED/],
  [['mysql://x@y/z'], 2, /the URL is an address of MySQL/],
  [['--interval', '0'], 2, /Give a number from 0\.5/],
])('%j', async (args, code, words) => {
  const run = start(args);
  expect(await run.end()).toBe(code);
  expect(run.stderr).toMatch(words);
  expect(run.stderr).not.toContain('wrong');
});
