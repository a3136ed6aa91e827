import type { Browser } from 'playwright-core';
import { type DebianProgram, findProgram, INSTALL_LIMIT_MILLIS } from '../debian/find-program.ts';

const START_LIMIT_MILLIS = 30_000;
/** What openBrowser() may take where Chromium has to be installed first: for the hook that calls it. */
export const BROWSER_LIMIT_MILLIS = INSTALL_LIMIT_MILLIS + START_LIMIT_MILLIS;

const chromium: DebianProgram = {
  program: 'chromium',
  variable: 'CHROME_PATH',
  package: 'chromium',
  elsewhere: 'or any Chrome or Chromium, its path in CHROME_PATH',
};

/** It asks nobody: not for updates, not for field trials, not for a sandbox that root has not. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--no-sandbox',
];

/**
 * A headless Chromium, which ends with this process at the latest. Debian's package is installed first where
 * it is missing and we are root.
 *
 * @throws when there is none and none can be installed, or it does not start.
 */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await findProgram(chromium);
  // Loaded here: all else in this package does without it.
  const playwright = await import('playwright-core');
  return playwright.chromium.launch({ executablePath, args: QUIET, timeout: START_LIMIT_MILLIS });
}
