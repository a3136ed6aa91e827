import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Cleanups } from '../frame/cleanups.ts';
import { type ApplicationSettings, startApplication } from './application.ts';
import { type Variant, variants } from './variants.ts';

let cleanups = new Cleanups();
afterEach(async () => {
  await cleanups.run();
  cleanups = new Cleanups();
});

let server: PostgresServer;
let settings: ApplicationSettings;
beforeAll(async () => {
  server = await startPostgres();
  settings = { databaseUrl: server.url(), connectionLimit: 3, poolTimeout: 5 };
});
afterAll(() => server?.stop('immediate'));

const lifeguard = variants.find(({ name }) => name === 'lifeguard') as Variant;

test('starts a shop with the given limit, and reads its statistics', async () => {
  const application = await startApplication(lifeguard, settings, cleanups);
  expect(application.applicationName).toBe('lifeguard-demo-lifeguard');
  expect((await fetch(`${application.origin}/healthz`)).status).toBe(200);
  expect((await application.stats())?.connections).toMatchObject({ max: 3 });
});

test('is stopped by the cleanups, and says so to those who ask later', async () => {
  const application = await startApplication(lifeguard, settings, cleanups);
  await cleanups.run();
  await expect(fetch(`${application.origin}/healthz`)).rejects.toThrow();
  await expect(application.stats()).rejects.toThrow("ended before it said 'stats'");
  await application.stop();
});

test('a shop whose database cannot be reached tells so', async () => {
  const nowhere = { ...settings, databaseUrl: 'postgresql://127.0.0.1:1/x' };
  await expect(startApplication(lifeguard, nowhere, cleanups)).rejects.toThrow(
    /Can't reach database server/,
  );
});

test('a shop that cannot start tells why', async () => {
  const odd = { ...lifeguard, env: { POOL: 'odd' } };
  await expect(startApplication(odd, settings, cleanups)).rejects.toThrow(
    /ended before it said 'ready': .*POOL/,
  );
});
