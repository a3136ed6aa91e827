import { Pool } from '@lifeguard/pool';
import {
  BROWSER_LIMIT_MILLIS,
  DEBIAN_POSTGRES_LIMIT_MILLIS,
  openBrowser,
  type Page,
  startPostgres,
} from '@lifeguard/testkit';
import pg from 'pg';
import { expect, test } from 'vitest';
import { createMonitor } from '../monitor/monitor.ts';
import { watchServer } from '../server/server-watch.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { openPage, shownBy } from './testing/browser-page.ts';
import { serveMonitor } from './testing/serve-monitor.ts';

const LIMIT = { timeout: 40_000 };

/** Runs statements one after the other on a connection of their own. */
async function run(connectionString: string, ...texts: string[]): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (const text of texts) await client.query(text);
  } finally {
    await client.end();
  }
}

/** What the page shows of the pools and their servers; the servers' time is real, the monitor's goes as fast as it is let. */
async function onThePage(
  pools: Record<string, Pool>,
  look: (page: Page, shows: ReturnType<typeof shownBy>) => Promise<void>,
): Promise<void> {
  const clock = new FakeClock();
  const servers = Object.fromEntries(
    Object.entries(pools).map(([name, pool]) => [name, watchServer(pool, { clock })]),
  );
  const monitor = createMonitor({ pools, servers, clock }).start();
  const served = await serveMonitor(monitor, { clock });
  const browser = await openBrowser();
  try {
    const { page } = await openPage(browser);
    await page.goto(served.address);
    await look(page, shownBy(page, clock, LIMIT));
  } finally {
    await browser.close();
    await served.stop();
  }
}

test(
  'a standby whose replay is paused is told with its lag, on both sides, and is over when it goes on',
  async () => {
    await using primary = await startPostgres({ version: 15 });
    await using standby = await primary.startStandby({ name: 'replica-1' });
    await using pool = new Pool({ connectionString: primary.url(), max: 2 });
    await using readers = new Pool({ connectionString: standby.url(), max: 2 });
    await onThePage({ main: pool, readers }, async (page, shows) => {
      await shows('section:has(#replicas) tr', /replica-1\s+answers\s+\d/);

      await run(primary.url(), 'CREATE TABLE t (n int)', 'INSERT INTO t VALUES (1)');
      // Without anything replayed a standby does not know how far it is behind.
      await expect
        .poll(
          () =>
            run(standby.url(), 'TABLE t').then(
              () => true,
              () => false,
            ),
          LIMIT,
        )
        .toBe(true);
      await run(standby.url(), 'SELECT pg_wal_replay_pause()');
      await run(primary.url(), 'INSERT INTO t VALUES (2)');
      await shows('.incident h3', /The replica replica-1 is \d.* behind/);
      await shows('.incident h3', /The server is a standby, \d.* behind its primary/);
      await shows('.incident .remedy', /SELECT pg_wal_replay_resume\(\) goes on/);
      await page.getByRole('button', { name: /^readers/ }).click();
      await shows('.server .window', /a standby, \d.* behind its primary/);

      await run(standby.url(), 'SELECT pg_wal_replay_resume()');
      await shows('.past summary', /replica-1[\s\S]*over since/);
      await shows('.past summary', /The server is a standby/);
      expect(await page.locator('.incident').count()).toBe(0);
    });
  },
  BROWSER_LIMIT_MILLIS + DEBIAN_POSTGRES_LIMIT_MILLIS,
);

test(
  'a standby that vanishes is told, with what is kept for it, and is over when it is back',
  async () => {
    await using primary = await startPostgres({ version: 15 });
    await run(primary.url(), "SELECT pg_create_physical_replication_slot('replica_1')");
    await using standby = await primary.startStandby({
      name: 'replica-1',
      settings: { primary_slot_name: 'replica_1' },
    });
    await using pool = new Pool({ connectionString: primary.url(), max: 2 });
    await onThePage({ main: pool }, async (page, shows) => {
      await shows('section:has(#replicas) tr', /replica-1\s+answers\s+\d/);

      await standby.halt('immediate');
      await run(primary.url(), 'CREATE TABLE t (n int)');
      await shows('.incident h3', /The replica replica-1 is gone/);
      await shows('.incident .evidence', /its slot replica_1 keeps \d.* of log/);
      await shows('.incident .remedy', /pg_drop_replication_slot\('replica_1'\)/);
      await shows('section:has(#replicas) tr', /replica-1\s+gone since \d/);

      await standby.resume();
      await shows('section:has(#replicas) tr', /replica-1\s+answers\s+\d/);
      await shows('.past summary', /replica-1 is gone[\s\S]*over since/);
      expect(await page.locator('.incident').count()).toBe(0);
    });
  },
  BROWSER_LIMIT_MILLIS + DEBIAN_POSTGRES_LIMIT_MILLIS,
);
