import { once } from 'node:events';
import { Pool, withOwner } from '@lifeguard/pool';
import { BROWSER_LIMIT_MILLIS, openBrowser, startPostgres } from '@lifeguard/testkit';
import { expect, test } from 'vitest';
import { createMonitor } from '../monitor/monitor.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { openPage, shownBy } from './testing/browser-page.ts';
import { serveMonitor } from './testing/serve-monitor.ts';

const TOKEN = 'a-token-that-is-long-enough';
const LIMIT = { timeout: 20_000 };

test(
  'a connection that nobody gives back is named with its place in the code, and can be taken back',
  async () => {
    await using server = await startPostgres();
    await using pool = new Pool({
      connectionString: server.url(),
      max: 1,
      leakThresholdMillis: 200,
    });
    const clock = new FakeClock();
    const monitor = createMonitor({ pools: { main: pool }, clock }).start();
    const served = await serveMonitor(monitor, { clock, token: TOKEN, actions: ['reclaim'] });
    const browser = await openBrowser();
    const { page } = await openPage(browser);
    const leak = once(pool, 'leak');
    const leaked = await withOwner('nightly export', () => pool.connect());
    leaked.on('error', () => {});
    await leak;
    try {
      const shows = shownBy(page, clock, LIMIT);
      await page.goto(`${served.address}?sign-in`);
      await page.getByLabel('Token').fill(TOKEN);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await shows('.incident h3', /Nightly export has not given back a connection for/);
      await shows('.incident .evidence', /taken at .*leak\.browser\.test\.ts:\d+/);
      await shows('.incident .remedy', /Call client\.release\(\) in a finally block/);
      await shows('section:has(#holders)', /nightly export[\s\S]*Take back/);

      await page.getByRole('button', { name: 'Take back' }).click();
      await page.getByRole('button', { name: 'Take it back' }).click();
      await page.getByText('The connection is taken back').waitFor(LIMIT);
      expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
      await shows('.past summary', /Nightly export has not given back[\s\S]*over since/);
      // What it cost is an incident for as long as it is in the window.
      await shows('.incidents', /^$/);
      leaked.release();
      expect(pool.stats().connections.total).toBe(1);
    } finally {
      await browser.close();
      await served.stop();
    }
  },
  BROWSER_LIMIT_MILLIS,
);
