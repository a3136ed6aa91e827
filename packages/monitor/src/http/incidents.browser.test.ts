import { BROWSER_LIMIT_MILLIS, type Browser, openBrowser } from '@lifeguard/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { KINDS } from '../incidents/kinds.ts';
import { axe, openPage, type WatchedPage } from './testing/browser-page.ts';
import { everyKind } from './testing/every-kind.ts';
import { type ServedScene, serveScene } from './testing/serve-scene.ts';

let browser: Browser;
let watched: WatchedPage | undefined;
let scene: ServedScene | undefined;
beforeAll(async () => {
  browser = await openBrowser();
}, BROWSER_LIMIT_MILLIS);
afterAll(() => browser?.close());
afterEach(async () => {
  await watched?.close();
  await scene?.stop();
  watched = scene = undefined;
});

const spoken = (text: string) => text.replaceAll('`', '').replace(/\s+/g, ' ').toLowerCase();

test.each([
  { width: 1440, theme: 'light' },
  { width: 390, theme: 'dark' },
] as const)('every kind of incident, with its cause and its remedy, at $width px', async (look) => {
  const incidents = everyKind();
  expect(incidents.map(({ kind }) => kind).sort()).toEqual(Object.keys(KINDS).sort());
  scene = await serveScene('everything');
  watched = await openPage(browser, look);
  const { page } = watched;
  await page.goto(scene.address);
  await page.locator('.incident').last().waitFor();
  const shown = (await page.locator('.incident').allInnerTexts()).map(spoken);
  for (const { kind, title, evidence, cause, remedy } of incidents) {
    const article = shown.find((text) => text.includes(spoken(title)));
    expect(article, kind).toBeDefined();
    for (const part of [cause, remedy, ...evidence]) expect(article).toContain(spoken(part));
  }
  expect(await axe(page)).toEqual([]);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(look.width);
  expect(watched.complaints).toEqual([]);
});
