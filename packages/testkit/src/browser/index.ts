export type { Browser, BrowserContext, Page } from 'playwright-core';
export { BROWSER_LIMIT_MILLIS, openBrowser } from './open-browser.ts';
