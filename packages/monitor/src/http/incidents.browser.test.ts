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

/** Moments are told by the reader's clock, and code is laid out anew: what is left are the words. */
const spoken = (text: string) =>
  text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|\d\d:\d\d:\d\d/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();

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
  // What only follows from others is closed.
  const symptoms = page.locator('.incident summary');
  for (const symptom of await symptoms.all()) await symptom.click();
  expect(await symptoms.allInnerTexts()).toContainEqual(expect.stringContaining('Follows from: '));
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
