// Takes the pictures of the dashboard that the documents show: of the demo's shop under a real incident, and, where a
// quarter of an hour or a rare state is wanted, of the scenes that its tests use.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createServer } from 'vite';
import { build } from './build.mjs';
import { root } from './run.mjs';

const folder = join(root, 'docs/images');
const DESK = { width: 1440, height: 1180 };
const ofTheDemo = [
  { file: 'dashboard-light.png', ...DESK, theme: 'light' },
  { file: 'dashboard-dark.png', ...DESK, theme: 'dark' },
  { file: 'dashboard-phone.png', width: 390, height: 844, theme: 'dark' },
];
const ofScenes = [
  { file: 'dashboard-healthy.png', scene: 'recovered', ...DESK, theme: 'light' },
  { file: 'dashboard-server.png', scene: 'server', ...DESK, theme: 'light', part: '.server' },
];
/** A few visitors read product pages first; then many come to the homepage. */
const QUIET_MILLIS = 30_000;
const QUIET_PER_SECOND = 5;
const INCIDENT_MILLIS = 25_000;
/** Until the causes have come and the figures speak. */
const UNDER_WAY_MILLIS = 8_000;

const built = await build();
if (built !== 0) process.exit(built);
mkdirSync(folder, { recursive: true });
const { openBrowser } = await import('@lifeguard/testkit');
const browser = await openBrowser();
await takeOfTheDemo();
await takeOfScenes();
await browser.close();

async function takeOfTheDemo() {
  const demo = (file) => import(pathToFileURL(join(root, 'packages/cli/dist', file)).href);
  const { Cleanups } = await demo('frame/cleanups.js');
  const { openEmbedded, fill } = await demo('demo/database.js');
  const { startApplication } = await demo('demo/application.js');
  const { applyLoad } = await demo('demo/load.js');
  const { variants } = await demo('demo/variants.js');
  const { incidents } = await import('@lifeguard/storefront');
  const cleanups = new Cleanups();
  try {
    const database = await openEmbedded(1, cleanups);
    await fill(database, () => {});
    const incident = incidents.find(({ name }) => name === 'homepage');
    const application = await startApplication(
      variants.find(({ name }) => name === 'lifeguard'),
      {
        databaseUrl: database.url,
        connectionLimit: incident.connectionLimit,
        poolTimeout: 5,
      },
      cleanups,
    );
    const pages = incidents
      .flatMap(({ streams }) => streams)
      .find(({ name }) => name === 'product pages');
    const arrival = { kind: 'open', requestsPerSecond: QUIET_PER_SECOND };
    const quiet = { ...incident, streams: [{ ...pages, arrival }] };
    await applyLoad(quiet, application.origin, QUIET_MILLIS, 1);
    const load = applyLoad(incident, application.origin, INCIDENT_MILLIS, 2);
    await pause(UNDER_WAY_MILLIS);
    for (const picture of ofTheDemo) await take(picture, application.dashboard);
    await load;
  } finally {
    await cleanups.run();
  }
}

async function takeOfScenes() {
  // They are for tests, and TypeScript.
  const vite = await createServer({ root, configFile: false, appType: 'custom', logLevel: 'warn' });
  const { serveScene } = await vite.ssrLoadModule(
    '/packages/monitor/src/http/testing/serve-scene.ts',
  );
  for (const { scene, ...picture } of ofScenes) {
    const served = await serveScene(scene);
    await take(picture, served.address);
    await served.stop();
  }
  await vite.close();
}

async function take({ file, width, height, theme, part }, address) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
  await page.goto(address);
  await page.locator('canvas').last().waitFor();
  // Drawn after it is there.
  await pause(300);
  const path = join(folder, file);
  await (part ? page.locator(part) : page).screenshot({ path });
  await page.close();
  // A third of the size, where it is installed.
  spawnSync('pngquant', ['--force', '--ext', '.png', path]);
  console.log(`docs/images/${file}`);
}

function pause(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
