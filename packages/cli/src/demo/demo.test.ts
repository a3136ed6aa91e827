import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import { afterAll, afterEach, beforeAll, describe, type ExpectStatic, expect, test } from 'vitest';
import { descendantsOf, type RunningProcess, survivors } from '../testing/processes.ts';
import { CliRun } from '../testing/run-cli.ts';
import { withClient } from './database.ts';

/** A whole comparison takes half a minute on two cores that do nothing else. */
const WHOLE_RUN_MILLIS = 240_000;
const demo = ['demo', '--incident', 'checkout'];

let server: PostgresServer;
const runs: CliRun[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  for (const run of runs) run.kill();
  await server.stop('immediate');
});

function start(args: readonly string[], env: Record<string, string> = {}): CliRun {
  const run = new CliRun(args, env);
  runs.push(run);
  return run;
}

/** Waits for a line of its progress; a run that ends before is told with what it said. */
async function reaches(expect: ExpectStatic, run: CliRun, text: string): Promise<void> {
  await expect
    .poll(() => run.stderr.includes(text) || run.ended, { timeout: WHOLE_RUN_MILLIS })
    .toBe(true);
  expect(run.stderr).toContain(text);
}

/** The folder of the PostgreSQL among them. */
function dataFolder(processes: readonly RunningProcess[]): string {
  const commands = processes.map(({ command }) => command);
  const [, folder] = /-D (\S*lifeguard-postgres-\S+)\/data/.exec(commands.join('\n')) ?? [];
  if (!folder) throw new Error(`no PostgreSQL in:\n${commands.join('\n')}`);
  return folder;
}

function shopsAmong(processes: readonly RunningProcess[]): RunningProcess[] {
  return processes.filter(({ command }) => /storefront.*server\.js/.test(command));
}

async function expectGone(
  expect: ExpectStatic,
  processes: readonly RunningProcess[],
): Promise<void> {
  expect(processes).not.toEqual([]);
  await expect.poll(() => survivors(processes), { timeout: 20_000 }).toEqual([]);
}

function schemasOf(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'lifeguard%'",
    );
    return rows.map(({ name }) => name);
  });
}

// They wait far more than they compute, so they share the time.
describe.concurrent('a whole run', { timeout: WHOLE_RUN_MILLIS }, () => {
  test('on a server of its own: JSON and nothing else, and nothing is left', async ({ expect }) => {
    const run = start([...demo, '--seconds', '1', '--network-ms', '0', '--no-serve', '--json']);
    await reaches(expect, run, 'warming up');
    const children = descendantsOf(run.pid);
    const folder = dataFolder(children);
    expect(shopsAmong(children)).toHaveLength(3);
    expect(existsSync(folder)).toBe(true);

    expect(await run.end()).toBe(0);
    await expectGone(expect, children);
    expect(existsSync(folder)).toBe(false);
    expect(run.complaints).toEqual([]);
    const { version, compared, incidents } = JSON.parse(run.stdout);
    expect(version).toBe(1);
    expect(compared).toMatchObject({ rounds: 3, secondsPerRound: 1, networkMillis: 0 });
    expect(compared.database).toMatch(/^PostgreSQL \d+.* \(embedded\)$/);
    expect(incidents).toMatchObject([{ name: 'checkout', connectionLimit: 5 }]);
    const [{ variants, report }] = incidents;
    expect(variants.map((one: { variant: string }) => one.variant)).toEqual([
      'stock',
      'lifeguard',
      'repaired',
    ]);
    for (const { connections, streams } of variants) {
      expect(connections).toBeGreaterThan(0);
      expect(connections).toBeLessThanOrEqual(5);
      expect(streams).toMatchObject([{ stream: 'checkout' }, { stream: 'product pages' }]);
      for (const { served } of streams) expect(served).toBeGreaterThan(0);
    }
    expect(report.map(({ kind }: { kind: string }) => kind)).toContain('idle-in-transaction');
  });

  test('on a given server: a schema of its own, a shop to visit, and nothing is left', async ({
    expect,
  }) => {
    const url = await server.createDatabase('given');
    await withClient(url, (client) => client.query('CREATE TABLE products AS SELECT 42 AS kept'));
    const given = `${url}?connection_limit=4`;
    const run = start([...demo, '--seconds', '1'], { DATABASE_URL: given });
    await reaches(expect, run, 'warming up');
    const started = descendantsOf(run.pid);
    expect(await schemasOf(url)).toEqual([`lifeguard_demo_${run.pid}`]);

    await reaches(expect, run, 'until Ctrl-C');
    const serving = descendantsOf(run.pid);
    expect(shopsAmong(serving)).toHaveLength(1);
    const [, origin] = /runs at (http:\/\/127\.0\.0\.1:\d+)\//.exec(run.stderr) ?? [];
    for (const path of ['/healthz', '/']) {
      const response = await fetch(`${origin}${path}`);
      expect([path, response.status]).toEqual([path, 200]);
      await response.text();
    }
    const [, dashboard] = /its dashboard at (\S+)\./.exec(run.stderr) ?? [];
    expect(dashboard).toBe(`${origin}/lifeguard`);
    const figures = await fetch(`${dashboard}?snapshot`);
    expect(await figures.json()).toMatchObject({ snapshot: { pools: [{ name: 'main' }] } });
    expect(run.stderr).toMatch(/checkout: live at \S+\/lifeguard and, repaired, \S+\/lifeguard\n/);
    expect(run.stdout).toContain('checkout (connection_limit=4)');
    expect(run.stdout).toContain('checkout: product pages (connection_limit=4)');
    expect(run.stdout).toContain('What Lifeguard reported, with the code unchanged:');
    expect(run.stdout).toMatch(/on PostgreSQL \S+ at\s127\.0\.0\.1:\d+/);

    run.interrupt();
    expect(await run.end()).toBe(0);
    await expectGone(expect, [...started, ...serving]);
    expect(run.complaints).toEqual([expect.stringContaining('until Ctrl-C')]);
    expect(run.stdout + run.stderr).not.toContain(server.password);
    expect(await schemasOf(url)).toEqual([]);
    const kept = await withClient(url, (client) => client.query('TABLE products'));
    expect(kept.rows).toEqual([{ kept: 42 }]);
  });

  // A round of ten minutes: this one ends only if nobody waits for it.
  test('interrupted in a round: exit code 130 and nothing is left', async ({ expect }) => {
    const run = start([...demo, '--seconds', '600']);
    await reaches(expect, run, 'round 1');
    const children = descendantsOf(run.pid);
    const folder = dataFolder(children);
    expect(shopsAmong(children)).toHaveLength(3);

    run.interrupt();
    expect(await run.end()).toBe(130);
    await expectGone(expect, children);
    expect(existsSync(folder)).toBe(false);
    expect(run.stdout).toBe('');
    expect(run.complaints).toEqual([]);
  });

  test('interrupted while it fills a given server: the schema goes', async ({ expect }) => {
    const url = await server.createDatabase('interrupted');
    const run = start(demo, { DATABASE_URL: url });
    await reaches(expect, run, 'filling the shop');
    expect(await schemasOf(url)).toEqual([`lifeguard_demo_${run.pid}`]);
    run.interrupt();
    expect(await run.end()).toBe(130);
    expect(await schemasOf(url)).toEqual([]);
    expect([run.stdout, run.complaints]).toEqual(['', []]);
  });
});

describe('a DATABASE_URL that cannot be used: exit code 1 and one line', () => {
  let closedPort: number;
  beforeAll(async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    closedPort = (listener.address() as AddressInfo).port;
    listener.close();
    await once(listener, 'close');
  });
  afterEach(async () => expect(await schemasOf(server.url())).toEqual([]));

  test.each([
    ['wrong password', 'password', 'wr0ng', /refused the login \(password authentication failed/],
    ['missing password', 'password', '', /The URL has no password/],
    ['missing database', 'pathname', '/nosuch', /database "nosuch" does not exist/],
    ['dead port', 'port', '', /cannot be reached \(connect ECONNREFUSED/],
  ] as const)('%s', async (_, part, value, words) => {
    const url = new URL(server.url());
    url[part] = part === 'port' ? String(closedPort) : value;
    const run = start(demo, { DATABASE_URL: url.href });
    expect(await run.end()).toBe(3);
    expect(run.stdout).toBe('');
    expect(run.complaints).toHaveLength(1);
    const [line] = run.complaints;
    expect(line).toContain(`lifeguard: DATABASE_URL (127.0.0.1:${url.port}): `);
    expect(line).toMatch(words);
    expect(run.stderr).not.toContain(server.password);
    expect(run.stderr).not.toContain('wr0ng');
  });
});
