import { Pool } from '@lifeguard/pool';
import {
  BROWSER_LIMIT_MILLIS,
  type Browser,
  openBrowser,
  type Page,
  type PostgresServer,
  startPostgres,
} from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createMonitor } from '../monitor/monitor.ts';
import { openPage, type WatchedPage } from './testing/browser-page.ts';
import { serveMonitor } from './testing/serve-monitor.ts';

const TOKEN = 'a-token-that-is-long-enough';
/** The server is asked four questions, one every 2.5 s. */
const LIMIT = { timeout: 30_000 };
const TEST_LIMIT_MILLIS = 90_000;

let browser: Browser;
let server: PostgresServer;
let shopUrl: string;
let plainUrl: string;
let clients: pg.Client[];
let undo: (() => Promise<unknown>)[];
beforeAll(async () => {
  browser = await openBrowser();
  server = await startPostgres({
    database: 'shop',
    settings: { shared_preload_libraries: 'pg_stat_statements' },
  });
  shopUrl = server.url();
  plainUrl = await server.createDatabase('plain');
  const admin = await connect('admin');
  await admin.query(`CREATE EXTENSION pg_stat_statements;
    CREATE TABLE accounts (id int PRIMARY KEY, balance int);
    INSERT INTO accounts VALUES (1, 0), (2, 0)`);
  await admin.end();
}, BROWSER_LIMIT_MILLIS);
afterAll(async () => {
  await browser?.close();
  await server?.stop('immediate');
});
beforeEach(() => {
  clients = [];
  undo = [];
});
afterEach(async () => {
  for (const one of undo.reverse()) await one();
  await Promise.all(clients.map((client) => client.end().catch(() => {})));
});

async function connect(application_name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: shopUrl, application_name });
  client.on('error', () => {});
  clients?.push(client);
  await client.connect();
  return client;
}

function poolOf(connectionString: string): Pool {
  const pool = new Pool({ connectionString, max: 2 });
  undo.push(() => pool.end());
  return pool;
}

async function open(pools: Record<string, Pool>): Promise<WatchedPage> {
  const monitor = createMonitor({ pools, server: true }).start();
  const served = await serveMonitor(monitor, { token: TOKEN, actions: ['terminate'] });
  undo.push(() => served.stop());
  const watched = await openPage(browser);
  undo.push(() => watched.close());
  await watched.page.goto(`${served.address}?sign-in`);
  await watched.page.getByLabel('Token').fill(TOKEN);
  await watched.page.getByRole('button', { name: 'Sign in' }).click();
  await watched.page.getByRole('heading', { name: 'What the server says' }).waitFor(LIMIT);
  // Of the form, which is a 401.
  watched.complaints.splice(0);
  return watched;
}

/** One who has a row, one who waits for it and has the next, and one who waits for that. */
async function queueForLocks() {
  const holder = await connect('billing');
  await holder.query('BEGIN; UPDATE accounts SET balance = 4711 WHERE id = 1');
  const second = await connect('shop');
  await second.query('BEGIN; UPDATE accounts SET balance = 1 WHERE id = 2');
  const third = await connect('import');
  const waits = [
    second.query('UPDATE accounts SET balance = 2 WHERE id = 1').then(() => second.query('COMMIT')),
    third.query("UPDATE accounts SET balance = 3 WHERE id = 2 AND 'secret' <> ''"),
  ];
  for (const wait of waits) wait.catch(() => {});
  return { pid: (holder as unknown as { processID: number }).processID, waits };
}

const locks = (page: Page) => page.locator('.locks').first();

test(
  'a queue for locks stands as a tree, with its cause and its remedy, and can be ended at its root',
  async () => {
    const { pid, waits } = await queueForLocks();
    const { page, complaints } = await open({ main: poolOf(shopUrl) });
    const root = page.locator('.server .locks > li', { hasText: 'billing' }).first();
    await root.getByText('holds up 2 sessions').waitFor(LIMIT);
    const second = root.locator('> .locks > li', { hasText: 'shop' });
    await expect.poll(() => second.locator('> .lock').innerText(), LIMIT).toContain('holds up 1');
    const third = second.locator('> .locks > li', { hasText: 'import' });
    expect(await third.locator('> .lock').innerText()).toMatch(/waits for Lock: transactionid for/);
    await page.getByRole('heading', { name: /^Billing holds up 2 sessions/ }).waitFor(LIMIT);
    await page.getByText(`pg_terminate_backend(${pid})`).first().waitFor(LIMIT);
    expect(await page.content()).not.toMatch(/4711|secret/);

    const button = root.getByRole('button', { name: 'End', exact: true }).first();
    await button.click();
    await page.getByRole('button', { name: `End ${pid}` }).click();
    await page.getByText(`Session ${pid} is ended`).first().waitFor(LIMIT);
    await page.getByRole('button', { name: 'Close' }).first().click();
    await Promise.all(waits);
    await page.getByText('Nobody waits for another’s locks.').waitFor(LIMIT);
    expect(await locks(page).count()).toBe(0);
    expect(complaints).toEqual([]);
  },
  TEST_LIMIT_MILLIS,
);

test(
  'sessions by state and application, statements where they are counted, and how to have them counted',
  async () => {
    const reader = await connect('reports');
    await reader.query('BEGIN; SELECT 1');
    for (let i = 0; i < 5; i++) await reader.query(`SELECT pg_sleep(0.01), ${i} AS n`);
    const { page } = await open({
      main: poolOf(shopUrl),
      reports: poolOf(shopUrl),
      plain: poolOf(plainUrl),
    });
    const section = page.locator('.server');
    const says = (words: RegExp) => expect.poll(() => section.innerText(), LIMIT).toMatch(words);
    await says(/PostgreSQL 18\.\d+; up for .*connections open of 97 that clients may have/);
    await says(/1\s*idle in a transaction/);
    const application = section.locator('tr', { hasText: 'reports' }).first();
    expect(await application.innerText()).toMatch(/^reports\s+1/);
    await says(/SELECT pg_sleep\(\$1\), \$2 AS n/);

    await page.getByRole('button', { name: /^plain/ }).click();
    await says(/this database does not show them: run CREATE EXTENSION pg_stat_statements\./);
    // One for each database, though two pools stand on one of them.
    const { rows } = await reader.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'lifeguard-monitor'",
    );
    expect(rows).toEqual([{ n: 2 }]);
  },
  TEST_LIMIT_MILLIS,
);

test('where the server is not looked at, the page says how', async () => {
  const scene = await serveMonitor(createMonitor({ pools: { main: poolOf(shopUrl) } }).start());
  undo.push(() => scene.stop());
  const { page, close } = await openPage(browser);
  undo.push(close);
  await page.goto(scene.address);
  await page.getByText('server: true').waitFor(LIMIT);
});
