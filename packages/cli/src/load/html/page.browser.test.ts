import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTALL_LIMIT_MILLIS, openBrowser } from '@lifeguard/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compare } from '../compare/compare.ts';
import { madeUpGood, madeUpSamples, madeUpSteps } from '../testing/made-up.ts';
import { comparisonPage } from './compare-page.ts';
import { reportPage } from './report-page.ts';

/** A machine with much else to do. */
const PATIENT = { timeout: 10_000 };

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Awaited<ReturnType<typeof openBrowser>>;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeguard-load-'));
  const sampled = madeUpSteps(madeUpSamples());
  await writeFile(join(folder, 'report.html'), reportPage(sampled));
  await writeFile(
    join(folder, 'compared.html'),
    comparisonPage(compare(sampled, madeUpGood()), ['a.json', 'b.json']),
  );
  browser = await openBrowser();
}, INSTALL_LIMIT_MILLIS);
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

async function open(file: string, width: number, theme: 'light' | 'dark') {
  // The policy of the page is not for the test's own script.
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme: theme,
  });
  const told: string[] = [];
  page.on('console', (message) => told.push(message.text()));
  page.on('pageerror', (error) => told.push(error.message));
  page.on('request', (request) => {
    if (!/^(file|data):/.test(request.url())) told.push(request.url());
  });
  await page.goto(pathToFileURL(join(folder, file)).href);
  await page.locator('canvas').last().waitFor();
  return { page, told };
}

test.each([
  ['report.html', 1_440, 'light', 9],
  ['report.html', 390, 'dark', 9],
  ['compared.html', 1_440, 'dark', 5],
  ['compared.html', 390, 'light', 5],
] as const)(
  '%s at %i px, %s: drawn, accessible, asks nobody',
  async (file, width, theme, charts) => {
    const { page, told } = await open(file, width, theme);
    await expect.poll(() => page.locator('canvas').count(), PATIENT).toBe(charts);
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
    expect(told).toEqual([]);
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const { axe: tool } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const { violations: found } = await tool.run();
      return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(violations).toEqual([]);
    await page.close();
  },
);

test('reads out what is pointed at, and changes with the theme', async () => {
  const { page, told } = await open('report.html', 1_440, 'light');
  const rate = page.locator('figure#rate');
  const said = () => rate.locator('[data-line]').allTextContents();
  expect(await said()).toEqual(['430/s', '370/s', '800/s']);
  await rate.locator('.u-over').hover({ position: { x: 3, y: 20 } });
  await expect.poll(said, PATIENT).toEqual(['100/s', '0/s', '100/s']);
  // All charts of time point at the same moment.
  expect(await page.locator('figure#latency .chart-moment').textContent()).toBe('at 0 s');
  const colour = () =>
    page.evaluate(() =>
      document.querySelector<HTMLCanvasElement>('figure#in-flight canvas')!.toDataURL(),
    );
  const before = await colour();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(colour, PATIENT).not.toBe(before);
  expect(told).toEqual([]);
  await page.close();
});

test('without a script all figures stand in tables', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(folder, 'report.html')).href);
  expect(await page.locator('noscript').textContent()).toContain('switched off');
  expect(await page.locator('tbody tr').count()).toBeGreaterThan(6);
  await context.close();
});
