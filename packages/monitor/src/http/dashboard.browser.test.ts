import {
  BROWSER_LIMIT_MILLIS,
  type Browser,
  openBrowser,
  type PostgresServer,
  startPostgres,
} from '@lifeguard/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { axe, openPage, type WatchedPage } from './testing/browser-page.ts';
import { type ServedScene, serveScene } from './testing/serve-scene.ts';
import { Shop } from './testing/shop.ts';

const TOKEN = 'a-token-that-is-long-enough';
/** Generous: a loaded machine may be slow, and no test is about that. */
const LIMIT = { timeout: 20_000 };

let browser: Browser;
let watched: WatchedPage | undefined;
let scene: ServedScene | undefined;
let shop: Shop | undefined;
beforeAll(async () => {
  browser = await openBrowser();
}, BROWSER_LIMIT_MILLIS);
afterAll(() => browser?.close());
afterEach(async () => {
  await watched?.close();
  await scene?.stop();
  await shop?.close();
  watched = scene = shop = undefined;
});

const text = (selector: string) => watched!.page.locator(selector).innerText();
const appears = (words: string) => watched!.page.getByText(words).first().waitFor(LIMIT);

describe('over a real pool', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop('immediate'));

  const open = async () => {
    shop = new Shop(server.url());
    const address = await shop.open();
    watched = await openPage(browser);
    await watched.page.goto(address);
    return { ...watched, shop, port: Number(new URL(address).port) };
  };

  test('numbers and charts move, nothing outside is asked, the policy holds', async () => {
    const { page, shop, complaints, asked } = await open();
    await appears('Healthy');
    shop.visit(5);
    await expect
      .poll(
        async () =>
          Number(await page.locator('figure:has-text("Statements") b').first().innerText()),
        LIMIT,
      )
      .toBeGreaterThan(0);
    const drawn = () =>
      page
        .locator('figure:has-text("Statements") canvas')
        .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const before = await drawn();
    await expect.poll(drawn, LIMIT).not.toBe(before);
    await appears('SELECT $1::int AS product');
    expect(complaints).toEqual([]);
    expect([...asked]).toEqual([new URL(page.url()).origin]);
  });

  test('an incident appears with its cause and its remedy', async () => {
    const { page, shop } = await open();
    await appears('Nothing is wrong.');
    shop.visit(2);
    shop.checkOut(20);
    await page.getByRole('heading', { name: /^Place order holds a connection/ }).waitFor(LIMIT);
    await appears('The transaction stays open while the application waits');
    await appears('Make the call outside');
    await appears('place order');
    expect(await text('h1')).not.toBe('Healthy');
    // The cause stands before its symptom.
    await page.getByRole('heading', { name: /^Callers gave up waiting/ }).waitFor(LIMIT);
    const titles = await page.locator('.incident h3').allInnerTexts();
    expect(titles[0]).toMatch(/^Place order/);
  });

  test('a connection that drops is said so, calmly, and goes on where it was', async () => {
    const { page, shop, port } = await open();
    shop.visit(1);
    await appears('Live');
    await shop.cut();
    await appears('Disconnected since');
    await appears('As of');
    expect(await text('h1')).toMatch(/^Healthy/);
    await shop.listen(port);
    await page.getByText('Live', { exact: true }).waitFor(LIMIT);
    expect(await page.getByText('Disconnected').count()).toBe(0);
  });
});

describe('a session', () => {
  test('begins with the token, which is kept nowhere, and ends', async () => {
    scene = await serveScene('healthy', { token: TOKEN, loopback: false });
    watched = await openPage(browser);
    const { page } = watched;
    await page.goto(scene.address);
    await page.getByLabel('Token').fill('a-token-that-is-not-it');
    await page.keyboard.press('Enter');
    await appears('That is not the token.');
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await appears('Healthy');
    const kept = await page.evaluate(() =>
      JSON.stringify([document.cookie, localStorage, location.href]),
    );
    expect(kept).toBe(JSON.stringify(['', {}, scene.address]));
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    expect(cookie?.value).not.toContain(TOKEN);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor(LIMIT);
  });
});

describe('whoever uses the keyboard', () => {
  test('reaches everything, and sees where he is', async () => {
    scene = await serveScene('fleet');
    watched = await openPage(browser);
    const { page } = watched;
    await page.goto(scene.address);
    await appears('Healthy');
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: at } = document;
        const { outlineStyle } = getComputedStyle(at as Element);
        return `${(at as HTMLElement).ariaLabel ?? (at as HTMLElement).innerText.split('\n')[0]} ${outlineStyle}`;
      });
    const walked: string[] = [];
    for (let i = 0; i < 7; i++) {
      await page.keyboard.press('Tab');
      walked.push(await focused());
    }
    expect(walked).toEqual([
      'Skip to the figures solid',
      'main solid',
      'replica-1 solid',
      'reports solid',
      'Theme: system. Change to light solid',
      'Copy remedy solid',
      'Copy report solid',
    ]);
  });

  test('chooses a pool, which a reload keeps', async () => {
    scene = await serveScene('fleet');
    watched = await openPage(browser);
    const { page } = watched;
    await page.goto(scene.address);
    await page.getByRole('button', { name: /^reports/ }).press('Enter');
    await appears('It works, with 1 problem to look at');
    await page.reload();
    await appears('It works, with 1 problem to look at');
  });

  test('chooses a theme, which a reload keeps', async () => {
    scene = await serveScene('healthy');
    watched = await openPage(browser, { theme: 'light' });
    const { page } = watched;
    const theme = () => page.locator('html').getAttribute('data-theme');
    await page.goto(scene.address);
    expect(await theme()).toBe('light');
    const button = page.getByRole('button', { name: /^Theme/ });
    await button.press('Enter');
    await button.press('Enter');
    await expect.poll(theme).toBe('dark');
    await page.reload();
    await expect.poll(theme).toBe('dark');
  });
});

test('whoever does not see it is told what begins and what is over', async () => {
  scene = await serveScene('recovered', { past: 490 });
  watched = await openPage(browser);
  const { page } = watched;
  await page.goto(scene.address);
  await appears('Healthy');
  const log = page.getByRole('log');
  expect(await log.innerText()).toBe('');
  scene.advance(30);
  await expect.poll(() => log.innerText(), LIMIT).toContain('Incident: ');
  expect(await page.locator('.incident').count()).toBeGreaterThan(0);
  scene.advance(200);
  await expect.poll(() => log.innerText(), LIMIT).toContain('Over: ');
  expect(await page.locator('.incident').count()).toBe(0);
  await page
    .getByText(/times, over since/)
    .first()
    .click();
  await appears('Make the call outside');
});

test('an incident that was not seen for some seconds is no more told as what goes on', async () => {
  scene = await serveScene('down');
  watched = await openPage(browser);
  const { page } = watched;
  await page.goto(scene.address);
  await appears('The database does not answer');
  await appears('pg_isready -h 10.0.3.12 -p 5432');
  scene.advance(10);
  await appears('The database answers again');
  await page
    .getByText(/seen last \d/)
    .first()
    .waitFor(LIMIT);
});

test('whoever wants no motion has none', async () => {
  scene = await serveScene('healthy');
  watched = await openPage(browser, { reducedMotion: true });
  await watched.page.goto(scene.address);
  await appears('Live');
  const motion = watched.page
    .locator('.pulse')
    .evaluate((dot) => getComputedStyle(dot).animationName);
  expect(await motion).toBe('none');
});

describe('has no fault that axe finds, and fits', () => {
  const looks = [
    { width: 1440, theme: 'light' },
    { width: 390, theme: 'dark' },
  ] as const;
  const states = [
    'exhausted',
    'recovered',
    'fleet',
    'server',
    'quiet',
    'empty',
    'lost',
    'sign-in',
  ] as const;

  test.each(states)('%s', async (state) => {
    const isSignIn = state === 'sign-in';
    const name = isSignIn || state === 'lost' ? 'healthy' : state;
    scene = await serveScene(name, isSignIn ? { token: TOKEN, loopback: false } : {});
    for (const look of looks) {
      watched = await openPage(browser, look);
      const { page } = watched;
      await page.goto(scene.address);
      await page.locator(isSignIn ? 'form' : 'h1:not(:has-text("Waiting"))').waitFor(LIMIT);
      if (state === 'lost') {
        await scene.cut();
        await appears('Disconnected since');
      }
      expect(await axe(page)).toEqual([]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(look.width);
      await watched.close();
      if (state === 'lost') await scene.resume();
    }
  });
});
