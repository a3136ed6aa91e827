import { Auth, type AuthConfig } from '@auth/core';
import type { JWT } from '@auth/core/jwt';
import Credentials from '@auth/core/providers/credentials';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { down } from '../cache/testing/fake-source.ts';
import { FakeWallClock } from '../cache/testing/fake-wall-clock.ts';
import { type AuthJsOptions, type AuthJsSession, authJsJwt, authJsSessionId } from './authjs.ts';
import { Guard } from './session-guard.ts';

const MINUTE = 60_000;
const ORIGIN = 'https://shop.example';

let clock: FakeWallClock;
let validate: ReturnType<typeof vi.fn<(session: AuthJsSession) => Promise<unknown>>>;
let guard: Guard<AuthJsSession, unknown>;
let logged: Error[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  clock = new FakeWallClock(Date.now());
  validate = vi.fn(async () => true);
  guard = new Guard({ validate }, clock);
  logged = [];
});

afterEach(() => {
  vi.useRealTimers();
});

/** For the guard and for Auth.js. */
async function advance(millis: number): Promise<void> {
  await clock.advance(millis);
  vi.setSystemTime(clock.now());
}

type JwtParams = Parameters<NonNullable<NonNullable<AuthConfig['callbacks']>['jwt']>>[0];

/** A browser on a site with Auth.js as people set it up. */
function visitor(options: AuthJsOptions<JwtParams, unknown> = {}, more: Partial<AuthConfig> = {}) {
  const cookies = new Map<string, string>();
  const config: AuthConfig = {
    basePath: '/auth',
    secret: 'a secret of more than thirty-two characters',
    trustHost: true,
    providers: [
      Credentials({ credentials: {}, authorize: async () => ({ id: 'anna', name: 'Anna' }) }),
    ],
    logger: { error: (error) => void logged.push(error), warn: () => {} },
    ...more,
    callbacks: { jwt: authJsJwt(guard, options), ...more.callbacks },
  };

  async function request(path: string, form?: Record<string, string>): Promise<Response> {
    const headers = new Headers({
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    });
    if (form) headers.set('content-type', 'application/x-www-form-urlencoded');
    const response = await Auth(
      new Request(`${ORIGIN}/auth/${path}`, {
        method: form ? 'POST' : 'GET',
        headers,
        body: form ? new URLSearchParams(form).toString() : null,
      }),
      config,
    );
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    return response;
  }

  return {
    cookies,
    async signIn() {
      const { csrfToken } = (await (await request('csrf')).json()) as { csrfToken: string };
      await request('callback/credentials', { csrfToken });
    },
    async signOut() {
      const { csrfToken } = (await (await request('csrf')).json()) as { csrfToken: string };
      await request('signout', { csrfToken });
    },
    async session() {
      return (await request('session')).json();
    },
    get isSignedIn() {
      return [...cookies.keys()].some((name) => name.endsWith('session-token'));
    },
  };
}

const signedIn = { user: { name: 'Anna' } };

describe('the jwt callback of Auth.js', () => {
  test('validates once a minute, however often the session is read', async () => {
    const anna = visitor();
    await anna.signIn();
    for (let i = 0; i < 180; i++) {
      expect(await anna.session()).toMatchObject(signedIn);
      await advance(1_000);
    }
    expect(validate).toHaveBeenCalledTimes(2);
    expect(logged).toEqual([]);
  });

  test('validates the session of the token, by the id that the application chose', async () => {
    const ids = ['first', 'second'];
    const anna = visitor({
      jwt: ({ token, user }) => (user ? { ...token, sid: ids.shift() } : token),
      sessionId: (token) => token.sid as string,
    });
    await anna.signIn();
    await advance(MINUTE);
    await anna.session();
    expect(validate.mock.lastCall?.[0]).toMatchObject({ id: 'first', token: { sub: 'anna' } });
  });

  test('signs out what is invalid, revoked or expired', async () => {
    const anna = visitor({ sessionId: () => 's' });
    await anna.signIn();
    await advance(MINUTE);
    validate.mockResolvedValueOnce(null);
    expect(await anna.session()).toBeNull();
    expect(anna.isSignedIn).toBe(false);

    await advance(1);
    await anna.signIn();
    expect(await anna.session()).toMatchObject(signedIn);
    await guard.revoke('s');
    expect(await anna.session()).toBeNull();
    expect(anna.isSignedIn).toBe(false);

    await advance(1);
    await anna.signIn();
    expect(await anna.session()).toMatchObject(signedIn);
    expect(validate).toHaveBeenCalledTimes(1);
  });

  test('a token that was copied before the revocation is refused in every process', async () => {
    const anna = visitor();
    await anna.signIn();
    await anna.session();
    const thief = new Map(anna.cookies);
    let id: string | undefined;
    const events = {
      signOut: async (message: { token?: JWT | null } | object) => {
        if ('token' in message && message.token) id = authJsSessionId(message.token);
        if (id) await guard.revoke(id);
      },
    };
    const same = visitor({}, { events: events as NonNullable<AuthConfig['events']> });
    for (const [name, value] of thief) same.cookies.set(name, value);
    await same.signOut();
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await anna.session()).toBeNull();
  });

  test('keeps a session in an outage until maxStale, then signs it out', async () => {
    const anna = visitor();
    await anna.signIn();
    validate.mockRejectedValue(down());
    await advance(14 * MINUTE);
    expect(await anna.session()).toMatchObject(signedIn);
    await advance(MINUTE);
    expect(await anna.session()).toBeNull();
    expect(anna.isSignedIn).toBe(false);
    expect(logged).toEqual([]);
  });

  test('or keeps it without rights, if the application says so', async () => {
    const anna = visitor(
      { whenUnavailable: (token) => ({ ...token, isUnavailable: true }) },
      {
        callbacks: {
          session: ({ session, token }) =>
            token.isUnavailable ? { expires: session.expires } : session,
        },
      },
    );
    await anna.signIn();
    validate.mockRejectedValue(down());
    await advance(15 * MINUTE);
    expect(Object.keys((await anna.session()) as object)).toEqual(['expires']);
    expect(anna.isSignedIn).toBe(true);
  });

  test('carries the last validation to a process that knows nothing, in the token', async () => {
    const anna = visitor();
    await anna.signIn();
    await advance(MINUTE);
    await anna.session();
    expect(validate).toHaveBeenCalledTimes(1);
    guard = new Guard({ validate }, clock);
    const elsewhere = visitor();
    for (const [name, value] of anna.cookies) elsewhere.cookies.set(name, value);
    await advance(30_000);
    expect(await elsewhere.session()).toMatchObject(signedIn);
    expect(validate).toHaveBeenCalledTimes(1);
    validate.mockRejectedValue(down());
    await advance(14.5 * MINUTE - 1);
    expect(await elsewhere.session()).toMatchObject(signedIn);
    await advance(1);
    expect(await elsewhere.session()).toBeNull();
  });

  test('no browser makes its session younger or another, whatever the callback merges', async () => {
    const jwt = authJsJwt<{ token: { sub: string }; user?: unknown; session?: object }>(guard, {
      jwt: ({ token, session }) => ({ ...token, ...session }),
    });
    const first = await jwt({ token: { sub: 'anna' }, user: {} });
    await advance(MINUTE);
    const forged = { lifeguard: { id: 'another', signedInAt: Infinity, validatedAt: Infinity } };
    const updated = await jwt({ token: first as { sub: string }, session: forged });
    const { id, signedInAt } = (first as unknown as typeof forged).lifeguard;
    expect(updated).toMatchObject({ lifeguard: { id, signedInAt, validatedAt: clock.now() } });
  });

  test("an error of the application's own signs out, and Auth.js logs it", async () => {
    const anna = visitor();
    await anna.signIn();
    validate.mockRejectedValue(new TypeError('row is undefined'));
    await advance(MINUTE);
    expect(await anna.session()).toBeNull();
    expect(logged.map(({ name }) => name)).toEqual(['JWTSessionError']);
  });

  test("the application's callback has the verdict, and the last word", async () => {
    validate.mockImplementation(async () => ({ role: 'admin' }));
    const roles: unknown[] = [];
    const anna = visitor({
      jwt: ({ token, verdict }) => {
        const { role } = (verdict?.value ?? {}) as { role?: string };
        roles.push(role);
        return roles.length === 3 ? null : token;
      },
    });
    await anna.signIn();
    await advance(MINUTE);
    expect(await anna.session()).toMatchObject(signedIn);
    expect(await anna.session()).toBeNull();
    expect(roles).toEqual([undefined, 'admin', 'admin']);
  });
});
