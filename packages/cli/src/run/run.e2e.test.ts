import { mkdtempSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppFolder, type PostgresServer, startPostgres } from '@lifeguard/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { descendantsOf, survivors } from '../testing/processes.ts';
import { CliRun } from '../testing/run-cli.ts';
import { againstSchema } from '../testing/schemas/validate.ts';

const SECRET = 'hunter2';
/** Where the machine is busy, all of it takes its time. */
const PATIENT = { timeout: 15_000 };
let server: PostgresServer;
let folder: AppFolder;
let runs: CliRun[] = [];

beforeAll(async () => {
  folder = new AppFolder();
  server = await startPostgres({ database: 'shop' });
});
afterEach(() => {
  for (const run of runs) run.kill();
  runs = [];
});
afterAll(async () => {
  folder?.remove();
  await server?.stop('immediate');
});

function start(args: readonly string[], env: Record<string, string> = {}): CliRun {
  const run = new CliRun(['run', ...args], { DATABASE_URL: server.url(), ...env });
  runs.push(run);
  return run;
}

/** Runs a program to its end; returns the summary as JSON and all that was said. */
async function summaryOf(
  text: string,
  {
    file = 'app.mjs',
    options = [] as string[],
    command = (path: string) => ['node', path],
    env = {},
  } = {},
) {
  const path = folder.write(file, text);
  const report = join(folder.path, 'summary.json');
  const run = start(
    ['--json', '--output', report, '--port', '0', ...options, '--', ...command(path)],
    env,
  );
  const exitCode = await run.end();
  const summary = JSON.parse(readFileSync(report, 'utf8'));
  expect(againstSchema('run.schema.json')(summary)).toEqual([]);
  expect(JSON.stringify(summary) + run.stderr).not.toMatch(
    new RegExp(`${SECRET}|${server.password}`),
  );
  return { exitCode, summary, run };
}

/** More callers than connections, with a parameter that nobody may repeat. */
const QUEUE = `
  const ask = () => pool.query('SELECT pg_sleep(0.05), $1::text AS secret', ['${SECRET}']);
  await Promise.all(Array.from({ length: 6 }, ask));`;

const ESM = `
  import pg from 'pg';
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
  ${QUEUE}
  console.log('said by the application', process.argv.slice(2).join());
  await pool.end();
  process.exitCode = 7;`;

describe('an application whose code knows nothing of it', () => {
  test('on pg, imported: measured, its streams and exit code its own', async () => {
    const { exitCode, summary, run } = await summaryOf(ESM, {
      command: (path) => ['node', path, '--port', '1'],
    });
    expect(exitCode).toBe(7);
    expect(run.stdout).toBe('said by the application --port,1\n');
    expect(summary).toMatchObject({
      mode: 'observe',
      program: 'node',
      exitCode: 7,
      signal: null,
      processes: 1,
      stillRunning: [],
    });
    const [pool, ...others] = summary.pools;
    expect(others).toEqual([]);
    expect(pool).toMatchObject({ mode: 'observe', connections: { max: 2, peak: 2 } });
    expect(pool.name).toMatch(/app\.mjs$/);
    expect(pool.counts).toMatchObject({ statements: 6, waited: 6 });
    expect(pool.wait.maxMillis).toBeGreaterThan(50);
    expect(summary.moments[0]).toMatchObject({ pool: pool.name, waited: 6, max: 2 });
    expect(summary.statements[0].statement).toBe('SELECT pg_sleep(?), $1::text AS secret');
  });

  test('on pg, required, on Lifeguard’s pools', async () => {
    const { exitCode, summary } = await summaryOf(
      `const { Pool } = require('pg');
       const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
       (async () => {${QUEUE}; await pool.end(); })();`,
      { file: 'app.cjs', options: ['--protect'] },
    );
    expect(exitCode).toBe(0);
    expect(summary.mode).toBe('protect');
    expect(summary.pools).toMatchObject([{ mode: 'protect', counts: { statements: 6 } }]);
  });

  test('on Drizzle and on Kysely', async () => {
    const { resolve } = createRequire(new URL('../../../pool/package.json', import.meta.url));
    const main = resolve('drizzle-orm');
    folder.link('drizzle-orm', main.slice(0, main.lastIndexOf('drizzle-orm') + 11));
    const { exitCode, summary } = await summaryOf(`
      import { sql } from 'drizzle-orm';
      import { drizzle } from 'drizzle-orm/node-postgres';
      import { Kysely, PostgresDialect, sql as kyselySql } from 'kysely';
      import pg from 'pg';
      const db = drizzle(process.env.DATABASE_URL);
      await db.execute(sql\`SELECT \${'${SECRET}'}::text AS by_drizzle\`);
      await db.transaction((tx) => tx.execute(sql\`SELECT 1 AS in_transaction\`));
      await db.$client.end();
      const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 3 });
      const kysely = new Kysely({ dialect: new PostgresDialect({ pool }) });
      await kyselySql\`SELECT \${'${SECRET}'}::text AS by_kysely\`.execute(kysely);
      await kysely.destroy();`);
    expect(exitCode).toBe(0);
    expect(summary.pools.map((pool: { connections: object }) => pool.connections)).toEqual([
      { max: 10, peak: 1 },
      { max: 3, peak: 1 },
    ]);
    const statements = summary.statements.map(({ statement }: { statement: string }) => statement);
    expect(statements).toEqual(
      expect.arrayContaining([
        expect.stringContaining('by_drizzle'),
        'SELECT ? AS in_transaction',
        expect.stringContaining('by_kysely'),
      ]),
    );
  });

  test.each(['observe', 'protect'])('on Prisma 7 with its own adapter, %s', async (mode) => {
    const client = new URL(
      '../../../../examples/storefront/dist/generated/client.js',
      import.meta.url,
    );
    const { exitCode, summary } = await summaryOf(
      `import { PrismaPg } from '@prisma/adapter-pg';
       import { PrismaClient } from '${client.href}';
       const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 2 });
       const prisma = new PrismaClient({ adapter });
       await Promise.all([1, 2, 3, 4].map(() => prisma.$queryRaw\`SELECT pg_sleep(0.05)::text, \${'${SECRET}'}::text\`));
       await prisma.$transaction(async (tx) => {
         await tx.$queryRaw\`SELECT 1\`;
         await tx.$queryRaw\`SELECT 2\`;
       });
       await prisma.$disconnect();`,
      { options: mode === 'protect' ? ['--protect'] : [] },
    );
    expect(exitCode).toBe(0);
    expect(summary.pools).toMatchObject([{ mode, connections: { max: 2 } }]);
    expect(summary.pools[0].counts.checkouts).toBe(1);
    expect(summary.pools[0].counts.statements).toBeGreaterThanOrEqual(4);
  });

  test('beside a loader that stands on require, as ts-node does', async () => {
    const loader = folder.write(
      'dialect/loader.cjs',
      `require.extensions['.dialect'] = require.extensions['.js'];`,
    );
    folder.write('dialect/package.json', '{"type": "commonjs"}');
    const { exitCode, summary } = await summaryOf(
      `const { Pool } = require('pg');
       const pool = new Pool({ connectionString: process.env.DATABASE_URL });
       pool.query('SELECT 1').then(() => pool.end());`,
      {
        file: 'dialect/app.dialect',
        command: (path) => ['node', '--require', loader, path],
      },
    );
    expect(exitCode).toBe(0);
    expect(summary.pools).toMatchObject([{ counts: { statements: 1 } }]);
  });

  test('from a folder whose name has blanks in it, and beside a thread without a pool', async () => {
    const path = folder.write(
      'my app/app.mjs',
      `import { Worker } from 'node:worker_threads';
       import pg from 'pg';
       new Worker('0', { eval: true });
       const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
       await pool.query('SELECT 1');
       await pool.end();`,
    );
    const { summary } = await summaryOf('', { command: () => ['node', path, 'two words'] });
    expect(summary).toMatchObject({ processes: 1, pools: [{ counts: { statements: 1 } }] });
  });

  test('that keeps connections of pg in a pool of its own is told so', async () => {
    const path = folder.write(
      'knex-like.mjs',
      `import pg from 'pg';
       const client = new pg.Client(process.env.DATABASE_URL);
       await client.connect();
       await client.end();`,
    );
    const run = start(['--no-dashboard', '--', 'node', path]);
    expect(await run.end()).toBe(0);
    expect(run.stderr).toContain('pg was loaded, but none of its pools was made');
  });

  test('in several processes and threads, under npm: a pool each', async () => {
    folder.write('one.mjs', ESM.replace('process.exitCode = 7', 'process.exit()'));
    folder.write(
      'all.mjs',
      `import cluster from 'node:cluster';
       import { once } from 'node:events';
       import { Worker } from 'node:worker_threads';
       cluster.setupPrimary({ exec: new URL('one.mjs', import.meta.url).pathname });
       const workers = [cluster.fork(), cluster.fork(), new Worker(new URL('one.mjs', import.meta.url))];
       await Promise.all(workers.map((worker) => once(worker, 'exit')));
       process.exit(4);`,
    );
    folder.write('package.json', '{"name": "shop", "scripts": {"start": "node all.mjs"}}');
    const { exitCode, summary } = await summaryOf('', {
      command: () => ['npm', 'start', '--silent', '--prefix', folder.path],
    });
    expect(exitCode).toBe(4);
    const names: string[] = summary.pools.map(({ name }: { name: string }) => name);
    expect(names).toHaveLength(3);
    expect(new Set(names).size).toBe(3);
    expect(names.filter((name) => /one\.mjs/.test(name))).toHaveLength(3);
    for (const { counts } of summary.pools) expect(counts.statements).toBe(6);
    // npm, the primary, its two workers and its thread.
    expect(summary.processes).toBe(5);
  });
});

describe('how it ends', () => {
  const WAITS = `
    import pg from 'pg';
    const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
    await pool.query('SELECT 1');
    setInterval(() => {}, 1000);`;
  const until = (run: CliRun, text: string) =>
    expect.poll(() => run.stdout, PATIENT).toContain(text);

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s is passed on, and the application decides',
    async (signal) => {
      const path = folder.write(
        'orderly.mjs',
        `${WAITS}
       process.on('${signal}', () => { console.log('in order'); pool.end().then(() => process.exit(5)); });
       console.log('ready');`,
      );
      const run = start(['--port', '0', '--', 'node', path]);
      await until(run, 'ready');
      run.signal(signal);
      expect(await run.end()).toBe(5);
      expect(run.stdout).toBe('ready\nin order\n');
      expect(run.stderr).toContain('ended with exit code 5');
    },
  );

  test('what lets a signal end it is told of as such, and so do we end', async () => {
    const run = start([
      '--port',
      '0',
      '--',
      'node',
      folder.write('plain.mjs', `${WAITS} console.log('ready');`),
    ]);
    await until(run, 'ready');
    const started = descendantsOf(run.pid);
    expect(started.length).toBeGreaterThan(0);
    run.signal('SIGTERM');
    expect(await run.end()).toBe('SIGTERM');
    expect(run.stderr).toContain('was ended by SIGTERM');
    expect(survivors(started)).toEqual([]);
  });

  test('a crash is told with what was seen before it', async () => {
    const temp = mkdtempSync(join(tmpdir(), 'run-'));
    const { exitCode, summary, run } = await summaryOf(`${ESM} throw new Error('a crash');`, {
      env: { TMPDIR: temp },
    });
    expect(exitCode).toBe(1);
    expect(run.stderr).toContain('Error: a crash');
    expect(summary.pools).toMatchObject([{ counts: { statements: 6 } }]);
    expect(readdirSync(temp)).toEqual([]);
    rmdirSync(temp);
  });

  test.each([
    [['no-such-command-here'], 127, /lifeguard: there is no command no-such-command-here\n$/],
    [['node', '-e', '0'], 0, /No pool was seen[\s\S]*No pool of pg was made/],
    [['true'], 0, /No Node\.js process has reported/],
  ])('%j', async (command, code, words) => {
    const run = start(['--no-dashboard', '--', ...command]);
    expect(await run.end()).toBe(code);
    expect(run.stderr).toMatch(words);
  });

  test.each([
    [['--output', '/no/such/folder/x', '--', 'true'], /--output .* can’t be written/],
    [['--port', '99999', '--', 'true'], /Give a whole number/],
    [[], /missing required argument/],
  ])('%j is refused before anything runs', async (args, words) => {
    const run = start(args);
    expect(await run.end()).toBe(2);
    expect(run.stderr).toMatch(words);
  });
});

test('the page shows each process while it lives, and what was when it has died', async () => {
  folder.write(
    'worker.mjs',
    `import pg from 'pg';
     const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 4 });
     const client = await pool.connect();
     await client.query('BEGIN');
     await client.query('SELECT 1');
     process.on('message', () => process.abort());
     process.send('ready');
     setInterval(() => {}, 1000);`,
  );
  const supervisor = folder.write(
    'supervisor.mjs',
    `import { fork } from 'node:child_process';
     const worker = fork(new URL('worker.mjs', import.meta.url));
     worker.on('message', () => console.log('holds'));
     worker.on('exit', () => console.log('died'));
     process.on('SIGUSR2', () => worker.send('die'));
     process.on('SIGTERM', () => process.exit(0));
     setInterval(() => {}, 1000);`,
  );
  const run = start(['--port', '0', '--', 'node', supervisor]);
  await expect.poll(() => run.stdout, PATIENT).toContain('holds');
  const [, page = ''] = /dashboard: (\S+)/.exec(run.stderr) ?? [];
  const look = async () => {
    const { snapshot, series } = await (await fetch(`${page}?snapshot`)).json();
    const [pool] = snapshot.pools;
    return { pool, rows: series.pools[pool?.name]?.checkedOut ?? [] };
  };
  await expect.poll(async () => (await look()).rows, PATIENT).toContain(1);
  expect((await look()).pool).toMatchObject({
    connections: { max: 4 },
    holders: [{ inTransaction: true }],
  });
  run.signal('SIGUSR2');
  await expect.poll(() => run.stdout, PATIENT).toContain('died');
  await expect.poll(async () => (await look()).pool.holders, PATIENT).toEqual([]);
  const { pool, rows } = await look();
  expect(pool.connections).toMatchObject({ max: 4, total: 0, peak: 1 });
  expect(rows).toContain(1);
  run.signal('SIGTERM');
  expect(await run.end()).toBe(0);
  await expect(fetch(page)).rejects.toThrow();
});

test('an incident is told with its place and what to do', async () => {
  const { summary } = await summaryOf(`
    import { createServer } from 'node:http';
    import { once } from 'node:events';
    import pg from 'pg';
    const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
    const server = createServer(async (request, response) => {
      await Promise.all(Array.from({ length: 12 }, (_, i) => pool.query('SELECT $1::int AS n', [i])));
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await fetch(\`http://127.0.0.1:\${server.address().port}/home\`);
    server.close();
    await pool.end();`);
  expect(summary.incidents).toMatchObject([
    { kind: 'fan-out', severity: 'warning', route: 'GET /home', statement: 'SELECT $1::int AS n' },
  ]);
  expect(summary.incidents[0].remedy).toMatch(/one statement/);
});
