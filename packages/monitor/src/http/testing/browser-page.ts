import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from '@lifeguard/testkit';
import { expect } from 'vitest';
import type { FakeClock } from '../../testing/fake-clock.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core');

export interface Look {
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  readonly reducedMotion?: boolean;
}

/** A page that writes down what no visitor should meet. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors, warnings and violations of the policy that the console was told. */
  readonly complaints: string[];
  /** Addresses that were asked for. */
  readonly asked: Set<string>;
  close(): Promise<void>;
}

export async function openPage(
  browser: Browser,
  { width = 1440, theme = 'light', reducedMotion = false }: Look = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const asked = new Set<string>();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => asked.add(new URL(request.url()).origin));
  return { page, complaints, asked, close: () => context.close() };
}

/** Waits until what is selected says it; the monitor's clock goes on by a second at each look. */
export function shownBy(page: Page, clock: FakeClock, limit: { timeout: number }) {
  return (selector: string, words: RegExp): Promise<void> =>
    expect
      .poll(async () => {
        clock.advance(1_000);
        return (await page.locator(selector).allInnerTexts()).join('\n');
      }, limit)
      .toMatch(words);
}

/** What axe finds wrong, one line for each kind. */
export async function axe(page: Page): Promise<string[]> {
  // By the debugger, for the page's own policy lets no other script in.
  await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}
