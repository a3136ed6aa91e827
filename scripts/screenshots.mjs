// Takes the pictures of the dashboard that the documents show, from the scenes that its tests use.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';
import { build } from './build.mjs';
import { root } from './run.mjs';

const folder = join(root, 'docs/images');
const pictures = [
  { file: 'dashboard-light.png', scene: 'exhausted', width: 1440, height: 1180, theme: 'light' },
  { file: 'dashboard-dark.png', scene: 'exhausted', width: 1440, height: 1180, theme: 'dark' },
  { file: 'dashboard-healthy.png', scene: 'recovered', width: 1440, height: 1180, theme: 'light' },
  { file: 'dashboard-phone.png', scene: 'exhausted', width: 390, height: 844, theme: 'dark' },
];

const built = await build();
if (built !== 0) process.exit(built);
mkdirSync(folder, { recursive: true });
// The scenes are for tests, and TypeScript.
const vite = await createServer({ root, configFile: false, appType: 'custom', logLevel: 'warn' });
const { serveScene } = await vite.ssrLoadModule(
  '/packages/monitor/src/http/testing/serve-scene.ts',
);
const { openBrowser } = await import('@lifeguard/testkit');
const browser = await openBrowser();
for (const { file, scene, width, height, theme } of pictures) {
  const served = await serveScene(scene);
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
  await page.goto(served.address);
  await page.locator('canvas').last().waitFor();
  // Drawn after it is there.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200))),
  );
  await page.screenshot({ path: join(folder, file) });
  await page.close();
  await served.stop();
  // A third of the size, where it is installed.
  spawnSync('pngquant', ['--force', '--ext', '.png', join(folder, file)]);
  console.log(`docs/images/${file}`);
}
await browser.close();
await vite.close();
