import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BetterAuthOptions, betterAuthSessions } from './better-auth.ts';

const ORIGIN = 'https://shop.example';
const undo: (() => unknown)[] = [];
let server: PostgresServer;
let statements: string[];

beforeAll(async () => {
  server = await startPostgres({
    settings: { log_statement: 'all' },
    onLog: (line) => statements?.push(line),
  });
  statements = [];
  const { auth, pool } = site();
  await (await getMigrations(auth.options)).runMigrations();
  await auth.api.signUpEmail({
    body: { name: 'Anna', email: 'anna@shop.example', password: 'a long password' },
  });
  await pool.end();
});
beforeEach(() => {
  statements = [];
});
afterEach(async () => {
  vi.useRealTimers();
  for (const each of undo.splice(0).reverse()) await each();
});
afterAll(() => server.stop('immediate'));

function site(options: BetterAuthOptions = {}) {
  const pool = new pg.Pool({ connectionString: server.url(), max: 4 });
  pool.on('error', () => {});
  const sessions = betterAuthSessions(options);
  const auth = betterAuth({
    baseURL: ORIGIN,
    secret: 'a secret of more than thirty-two characters',
    database: pool,
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [sessions.plugin],
  });
  return { auth, pool, sessions };
}

type Site = ReturnType<typeof site>;

function open(options: BetterAuthOptions = {}): Site {
  const opened = site(options);
  undo.push(() => opened.pool.end());
  return opened;
}

/** The headers of a browser that has signed in. */
async function signIn({ auth }: Site): Promise<Headers> {
  const { headers } = await auth.api.signInEmail({
    body: { email: 'anna@shop.example', password: 'a long password' },
    returnHeaders: true,
  });
  const cookie = headers.getSetCookie().map((each) => each.split(';')[0]);
  return new Headers({ cookie: cookie.join('; '), origin: ORIGIN });
}

function lookUps(): number {
  return statements.filter((line) => /select .* from "session"/i.test(line)).length;
}

describe('sessions of Better Auth', () => {
  test('are looked up once, and every reader has its own', async () => {
    const shop = open();
    const headers = await signIn(shop);
    statements = [];
    const { auth, sessions } = shop;
    const first = await sessions.getSession(auth, { headers });
    expect(first?.user.name).toBe('Anna');
    expect(first?.session.expiresAt).toBeInstanceOf(Date);
    (first as { user: { name: string } }).user.name = 'changed';
    const all = await Promise.all(
      Array.from({ length: 100 }, () => sessions.getSession(auth, { headers })),
    );
    expect(all.every((each) => each?.user.name === 'Anna')).toBe(true);
    expect(sessions.guard.stats()).toMatchObject({ validations: 1 });
    await vi.waitFor(() => expect(lookUps()).toBe(1));
  });

  test('are null without a cookie, and with a signature that is not ours', async () => {
    const shop = open();
    const headers = await signIn(shop);
    const { auth, sessions } = shop;
    expect(await sessions.getSession(auth, { headers: new Headers() })).toBeNull();
    expect(await sessions.getSession(auth, { headers })).not.toBeNull();
    const forged = headers.get('cookie')?.replace(/(session_token=[^.]+\.).*$/, '$1Zm9yZ2Vk') ?? '';
    expect(forged).toContain('Zm9yZ2Vk');
    expect(
      await sessions.getSession(auth, { headers: new Headers({ cookie: forged }) }),
    ).toBeNull();
    expect(await sessions.getSession(auth, { headers })).not.toBeNull();
  });

  test('end at once when Better Auth ends them', async () => {
    const shop = open();
    const { auth, sessions } = shop;
    const [one, two, three] = [await signIn(shop), await signIn(shop), await signIn(shop)];
    for (const headers of [one, two, three]) await sessions.getSession(auth, { headers });
    await auth.api.signOut({ headers: one });
    expect(await sessions.getSession(auth, { headers: one })).toBeNull();
    expect(await sessions.getSession(auth, { headers: two })).not.toBeNull();
    await auth.api.revokeOtherSessions({ headers: two });
    expect(await sessions.getSession(auth, { headers: three })).toBeNull();
    await auth.api.revokeSessions({ headers: two });
    expect(await sessions.getSession(auth, { headers: two })).toBeNull();
  });

  test('that somebody deleted in the database end for a sensitive action at once', async () => {
    const shop = open();
    const headers = await signIn(shop);
    const { auth, sessions, pool } = shop;
    await sessions.getSession(auth, { headers });
    await pool.query('DELETE FROM "session"');
    expect(await sessions.getSession(auth, { headers })).not.toBeNull();
    expect(await sessions.getSession(auth, { headers, fresh: true })).toBeNull();
    expect(await sessions.getSession(auth, { headers })).toBeNull();
  });

  test('go on in an outage until maxStale; then nobody can say', async () => {
    const shop = open({ every: 0, maxStale: '1h' });
    const headers = await signIn(shop);
    const { auth, sessions } = shop;
    await sessions.getSession(auth, { headers });
    await server.halt('immediate');
    undo.push(() => server.resume());
    const kept = await sessions.getSession(auth, { headers });
    expect(kept?.user.name).toBe('Anna');
    expect(kept?.setCookies).toEqual([]);
    expect(sessions.guard.stats()).toMatchObject({ stale: 1, failedValidations: 1 });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    await expect(sessions.getSession(auth, { headers })).rejects.toMatchObject({
      code: 'LIFEGUARD_SESSION_UNAVAILABLE',
    });
  });

  test('that are due are prolonged, and who waited for it gets the cookie', async () => {
    const shop = open();
    const headers = await signIn(shop);
    const { auth, sessions } = shop;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 86_400_000 });
    const found = await sessions.getSession(auth, { headers });
    expect(found?.setCookies.join()).toContain('session_token');
    expect((await sessions.getSession(auth, { headers }))?.setCookies).toEqual([]);
  });

  test('that have expired since are not given out', async () => {
    const shop = open({ every: '30d' });
    const headers = await signIn(shop);
    const { auth, sessions } = shop;
    await sessions.getSession(auth, { headers });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 8 * 86_400_000 });
    expect(await sessions.getSession(auth, { headers })).toBeNull();
  });
});
