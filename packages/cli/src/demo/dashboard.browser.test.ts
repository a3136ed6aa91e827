import type { DashboardState, MonitorSnapshot } from '@lifeguard/monitor';
import { incidents } from '@lifeguard/storefront';
import { BROWSER_LIMIT_MILLIS, type Browser, openBrowser, type Page } from '@lifeguard/testkit';
import { afterAll, beforeAll, test } from 'vitest';
import { Cleanups } from '../frame/cleanups.ts';
import { startApplication } from './application.ts';
import { type DemoDatabase, fill, openEmbedded } from './database.ts';
import { applyLoad } from './load.ts';
import { type Variant, variants } from './variants.ts';

const LOAD_MILLIS = 4_000;
const FILL_LIMIT_MILLIS = 120_000;
/** A loaded machine may be slow, and no test is about that. */
const LIMIT = { timeout: 45_000 };
const TEST_LIMIT_MILLIS = 120_000;
const unchanged = variants.find(({ name }) => name === 'lifeguard') as Variant;

const cleanups = new Cleanups();
let browser: Browser;
let database: DemoDatabase;
beforeAll(async () => {
  browser = await openBrowser();
  cleanups.add(() => browser.close());
  database = await openEmbedded(1, cleanups);
  await fill(database, () => {});
}, BROWSER_LIMIT_MILLIS + FILL_LIMIT_MILLIS);
afterAll(() => cleanups.run());

/** For whoever reads the output: when each was on the page. The goal is 3 s; no machine's load is a fault. */
const seen: string[] = [];
afterAll(() => console.log(`On the page with its remedy after\n${seen.join('\n')}`));

/** What the page must tell of each, and what to do about it. */
const TOLD = {
  homepage: [/GET \/api\/home sends up to 50 × Product\.findMany at once/, /findManyGrouped\(/],
  session: [/Session\.findFirst is \d+ % of all statements/, /db\.session\(/],
  checkout: [/in POST \/api\/checkout holds a connection for/, /Make the call outside/],
  'n-plus-one': [/GET \/api\/orders calls OrderItem\.findMany/, /Before the loop write/],
  outage: [/No connection to the database can be opened|cannot be reached/, /pg_isready/],
} as const;

async function shows(page: Page, title: RegExp, remedy: RegExp): Promise<void> {
  const incident = page.locator('.incident', {
    has: page.getByRole('heading', { name: title }),
  });
  await incident.locator('.remedy', { hasText: remedy }).first().waitFor(LIMIT);
}

/** When the monitor saw it first, in milliseconds since 1970; what else there is then is the way to the page. */
async function foundAt(dashboard: string, title: RegExp): Promise<number> {
  const { snapshot } = (await (
    await fetch(`${dashboard}?snapshot`)
  ).json()) as DashboardState<MonitorSnapshot>;
  const { active } = snapshot.incidents;
  const found = active.find((incident) => new RegExp(title, 'i').test(incident.title));
  return Date.parse(found?.firstSeen ?? '');
}

test.each(incidents)(
  '$name is on the page with its remedy while it happens',
  async (incident) => {
    const settings = {
      databaseUrl: database.url,
      connectionLimit: incident.connectionLimit,
      poolTimeout: 5,
    };
    const { origin, dashboard, stop } = await startApplication(unchanged, settings, cleanups);
    const page = await browser.newPage();
    await page.goto(dashboard as string);
    await page.getByRole('heading', { name: /^Healthy/ }).waitFor(LIMIT);
    const { outage } = database;
    if (incident.outageSeconds !== undefined) await outage?.begin();
    const began = Date.now();
    const load = applyLoad(incident, origin, LOAD_MILLIS, 1);
    try {
      await shows(page, ...TOLD[incident.name]);
      const shown = Date.now() - began;
      const found = (await foundAt(dashboard as string, TOLD[incident.name][0])) - began;
      seen.push(`  ${incident.name}: ${shown} ms, of these ${found} until the monitor saw it`);
    } finally {
      await load;
      if (incident.outageSeconds !== undefined) await outage?.end();
    }
    await page.close();
    await stop();
  },
  TEST_LIMIT_MILLIS,
);
