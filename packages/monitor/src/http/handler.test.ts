import { afterEach, describe, expect, test } from 'vitest';
import { createDashboard, type Dashboard, type DashboardOptions } from './dashboard.ts';
import { FakeSource } from './testing/fake-source.ts';

const TOKEN = 'a-token-that-is-long-enough';
const LOCAL = { remoteAddress: '127.0.0.1' };
const ELSEWHERE = { remoteAddress: '203.0.113.7' };
const bearer = { authorization: `Bearer ${TOKEN}` };

let dashboard: Dashboard | undefined;
afterEach(() => dashboard?.close());

function setUp(options: DashboardOptions = {}) {
  const source = new FakeSource();
  const { acts } = source;
  dashboard = createDashboard(source, { env: {}, ...options });
  const { fetch } = dashboard;
  const ask = (
    path: string,
    { peer = LOCAL as object, ...init }: RequestInit & { peer?: object } = {},
  ) => fetch(new Request(`http://localhost:3000${path}`, init), peer);
  return { ask, acts, source };
}

describe('the page', () => {
  test.each(['/', '/lifeguard', '/lifeguard/', '/a/b/../../etc/passwd', '/%2e%2e/%2e%2e/x?utm=1'])(
    'is the same at every path: %s',
    async (path) => {
      const response = await setUp().ask(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response.text()).toMatch(/^<!doctype html>/);
    },
  );

  test('comes compressed to whom takes that', async () => {
    const { ask } = setUp();
    for (const accepted of ['gzip', 'br, gzip;q=0.8', 'deflate,gzip']) {
      const { headers } = await ask('/', { headers: { 'accept-encoding': accepted } });
      expect(headers.get('content-encoding')).toBe('gzip');
    }
    for (const accepted of ['br', 'gzip;q=0', 'x-gzip', '']) {
      const { headers } = await ask('/', { headers: { 'accept-encoding': accepted } });
      expect(headers.get('content-encoding')).toBeNull();
    }
  });

  test('has a head alone for HEAD', async () => {
    const response = await setUp().ask('/', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });
});

describe('every answer', () => {
  const asked = [
    ['the page', '/', {}],
    ['the sign-in form', '/', { peer: ELSEWHERE }],
    ['figures', '/?snapshot', {}],
    ['events', '/?events', {}],
    ['a refusal', '/?snapshot', { peer: ELSEWHERE }],
    ['a session', '/?sign-in', { method: 'POST', headers: bearer }],
    ['a wrong method', '/', { method: 'PUT' }],
  ] as const;

  test.each(asked)('is guarded: %s', async (_, path, init) => {
    const { headers, body } = await setUp({ token: TOKEN }).ask(path, init);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store, no-transform',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    await body?.cancel();
  });
});

describe('somebody unknown', () => {
  test('gets the sign-in form, and no figures', async () => {
    const { ask } = setUp({ token: TOKEN });
    const page = await ask('/', { peer: ELSEWHERE });
    expect(page.status).toBe(401);
    expect(await page.text()).toMatch(/^<!doctype html>/);
    for (const path of ['/?snapshot', '/?events']) {
      const response = await ask(path, { peer: ELSEWHERE });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(await response.json()).toEqual({ error: expect.stringContaining('token') });
    }
  });

  test('is told that it is closed where there is no token to show', async () => {
    const { ask } = setUp();
    for (const path of ['/', '/?snapshot', '/?events']) {
      const response = await ask(path, { peer: ELSEWHERE });
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('LIFEGUARD_TOKEN');
    }
  });
});

describe('the figures', () => {
  test('are the newest state, with the series', async () => {
    const { ask, source } = setUp();
    source.sample();
    const response = await ask('/?snapshot');
    expect(await response.json()).toMatchObject({
      snapshot: { number: 1 },
      series: { last: 2, pools: { main: { pending: [0, 1] } } },
    });
  });

  test('are refused to other sites, also for somebody who may look', async () => {
    const { ask } = setUp({ token: TOKEN });
    for (const path of ['/?snapshot', '/?events', '/']) {
      const headers = { ...bearer, origin: 'https://evil.example' };
      expect((await ask(path, { headers })).status).toBe(403);
    }
  });

  test('a link on another site leads to the page, and to nothing else', async () => {
    const { ask } = setUp();
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await ask('/', { headers })).status).toBe(200);
    expect((await ask('/?snapshot', { headers })).status).toBe(403);
    expect((await ask('/', { headers: { ...headers, 'sec-fetch-dest': 'iframe' } })).status).toBe(
      403,
    );
  });
});

describe('the event stream', () => {
  test('greets, tells the state, and goes on', async () => {
    const { ask, source } = setUp();
    const response = await ask('/?events');
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await events.read()).value).toContain('"by":"loopback","actions":[]');
    expect((await events.read()).value).toContain('"number":0');
    const next = events.read();
    source.sample();
    expect((await next).value).toMatch(/^id: \w+-2\nevent: state\ndata: {"snapshot":{"number":1,/);
    await events.cancel();
    expect(dashboard?.clients).toBe(0);
  });

  test('tells who could do more with the token', async () => {
    const { ask } = setUp({ token: TOKEN, actions: ['reset'] });
    const response = await ask('/?events');
    const events = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await events.read()).value).toContain('"actions":[],"couldSignIn":true');
    await events.cancel();
    expect(await (await ask('/?sign-in')).text()).toContain('sign in');
  });

  test('tells who has shown the token what may be done', async () => {
    const { ask } = setUp({ token: TOKEN, actions: ['reset'] });
    const response = await ask('/?events', { headers: bearer });
    const events = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await events.read()).value).toContain('"by":"token","actions":["reset"]');
    await events.cancel();
  });

  test('has seats, and tells whom it has none for when to come again', async () => {
    const { ask } = setUp({ maxClients: 2 });
    await ask('/?events');
    await ask('/?events');
    const third = await ask('/?events');
    expect(third.status).toBe(503);
    expect(third.headers.get('retry-after')).toBe('10');
  });

  test('ends when the dashboard closes, which then hears of no more samples', async () => {
    const { ask, source } = setUp();
    const { body } = await ask('/?events');
    dashboard?.close();
    const reader = body!.getReader();
    await reader.read();
    expect((await reader.read()).done).toBe(true);
    expect(source.listeners).toBe(0);
  });
});

describe('signing in', () => {
  test('takes the token in a header, and gives a cookie that lets in', async () => {
    const { ask } = setUp({ token: TOKEN });
    const signedIn = await ask('/?sign-in', { method: 'POST', headers: bearer, peer: ELSEWHERE });
    expect(signedIn.status).toBe(204);
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const seen = await ask('/?snapshot', { headers: { cookie }, peer: ELSEWHERE });
    expect(seen.status).toBe(200);
    const signedOut = await ask('/?sign-out', { method: 'POST', headers: { cookie } });
    expect(signedOut.headers.get('set-cookie')).toMatch(/=; Max-Age=0;/);
  });

  test('refuses a wrong token, none, and other sites', async () => {
    const { ask } = setUp({ token: TOKEN });
    const post = { method: 'POST' };
    const wrong = { authorization: 'Bearer a-token-that-is-not-it' };
    expect((await ask('/?sign-in', { ...post, headers: wrong })).status).toBe(401);
    expect((await ask('/?sign-in', post)).status).toBe(401);
    const foreign = { ...bearer, origin: 'https://evil.example' };
    expect((await ask('/?sign-in', { ...post, headers: foreign })).status).toBe(403);
  });

  test('marks the cookie for TLS where the page came by it', async () => {
    const { ask } = setUp({ token: TOKEN });
    const headers = { ...bearer, 'x-forwarded-proto': 'https' };
    const { headers: answered } = await ask('/?sign-in', { method: 'POST', headers });
    expect(answered.get('set-cookie')).toMatch(/; Secure$/);
  });
});

describe('acting', () => {
  const on: DashboardOptions = { token: TOKEN, actions: ['reset', 'terminate'] };
  const reset = '/?action=reset&pool=main&confirm=main';
  const post = (headers: Record<string, string> = {}) => ({ method: 'POST', headers });

  test('is done with the token, by POST, confirmed', async () => {
    const { ask, acts } = setUp(on);
    const response = await ask(reset, post(bearer));
    expect(await response.json()).toEqual({
      done: 'Each connection of "main" is replaced as soon as it has nothing to do.',
    });
    const terminate = '/?action=terminate&pool=main&pid=4711&confirm=4711';
    expect(await (await ask(terminate, post(bearer))).json()).toEqual({
      done: 'Session 4711 is ended; what it did is rolled back.',
    });
    expect(acts).toEqual(['reset', expect.stringContaining('WHERE pid = 4711 AND')]);
  });

  test('says why it can not be done', async () => {
    const { ask, acts } = setUp(on);
    const other = await ask('/?action=reset&pool=__proto__&confirm=__proto__', post(bearer));
    expect(other.status).toBe(409);
    expect(await other.json()).toEqual({ error: 'There is no pool "__proto__".' });
    expect(acts).toEqual([]);
  });

  test('is switched off by default', async () => {
    const { ask, acts } = setUp({ token: TOKEN });
    const response = await ask(reset, post(bearer));
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('switched off');
    expect(acts).toEqual([]);
  });

  test('needs more than to sit at the machine, or the application’s word', async () => {
    const { ask, acts } = setUp({ ...on, authorize: () => true });
    expect((await ask(reset, post())).status).toBe(401);
    expect((await ask(reset, { ...post(), peer: ELSEWHERE })).status).toBe(401);
    expect(acts).toEqual([]);
  });

  test('needs the page itself where a cookie speaks', async () => {
    const { ask, acts } = setUp(on);
    const { headers } = await ask('/?sign-in', { method: 'POST', headers: bearer });
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await ask(reset, post({ cookie }))).status).toBe(403);
    const foreign = { cookie, origin: 'http://evil.example' };
    expect((await ask(reset, post(foreign))).status).toBe(403);
    expect(acts).toEqual([]);
    const own = { cookie, origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' };
    expect((await ask(reset, post(own))).status).toBe(200);
  });

  test('is never done by GET', async () => {
    const { ask, acts } = setUp(on);
    await ask(reset, { headers: bearer });
    expect(acts).toEqual([]);
  });

  test.each([
    '/?action=reset&pool=main',
    '/?action=reset&pool=main&confirm=other',
    '/?action=reset&confirm=',
    '/?action=terminate&pool=main&pid=4711&confirm=main',
    '/?action=terminate&pool=main&pid=0&confirm=0',
    '/?action=terminate&pool=main&pid=-1&confirm=-1',
    '/?action=terminate&pool=main&pid=1e99&confirm=1e99',
    '/?action=drop&pool=main&confirm=main',
    '/',
  ])('refuses what is not confirmed or makes no sense: %s', async (path) => {
    const { ask, acts } = setUp(on);
    expect((await ask(path, post(bearer))).status).toBe(400);
    expect(acts).toEqual([]);
  });
});

describe('what is too much', () => {
  test('is refused unread', async () => {
    const { ask } = setUp();
    expect((await ask('/', { headers: { 'content-length': '9' } })).status).toBe(413);
    expect((await ask('/', { headers: { 'transfer-encoding': 'chunked' } })).status).toBe(413);
    expect((await ask(`/?${'x'.repeat(5_000)}`)).status).toBe(414);
  });

  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])('so is %s', async (method) => {
    const response = await setUp().ask('/', { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
  });
});

test('a failure says nothing of the application', async () => {
  const authorize = () => {
    throw new Error('password=secret');
  };
  const response = await setUp({ authorize }).ask('/', { peer: ELSEWHERE });
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret');
});
