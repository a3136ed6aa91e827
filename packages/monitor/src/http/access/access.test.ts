import { describe, expect, test } from 'vitest';
import { Access, type AccessOptions } from './access.ts';

const TOKEN = 'a-token-that-is-long-enough';
const LOCAL = { remoteAddress: '127.0.0.1', httpVersion: '1.1' };
const WALL = Date.UTC(2026, 0, 1);

function access(options: AccessOptions = {}, env: NodeJS.ProcessEnv = {}, wall = () => WALL) {
  return new Access(options, env, wall);
}

function request(headers: Record<string, string> = {}, url = 'http://localhost:3000/lifeguard') {
  return new Request(url, { headers: { host: new URL(url).host, ...headers } });
}

describe('from the loopback', () => {
  test.each(['127.0.0.1', '127.3.2.1', '::1', '::ffff:127.0.0.1'])(
    '%s may look without a token',
    async (remoteAddress) => {
      expect(await access().grant(request(), { remoteAddress })).toEqual({ by: 'loopback' });
    },
  );

  test.each(['10.0.0.1', '192.168.1.2', '::ffff:10.0.0.1', 'fe80::1%eth0', '128.0.0.1', '', 'x'])(
    '%s may not',
    async (remoteAddress) => {
      expect(await access().grant(request(), { remoteAddress })).toBeUndefined();
    },
  );

  test('nobody counts as local where the server does not say who asks', async () => {
    expect(await access().grant(request(), {})).toBeUndefined();
  });

  test.each([
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-real-ip',
    'forwarded',
    'via',
    'cf-connecting-ip',
    'true-client-ip',
  ])('a proxy on this machine speaks for others: %s', async (header) => {
    const proxied = request({ [header]: '127.0.0.1' });
    expect(await access().grant(proxied, LOCAL)).toBeUndefined();
  });

  test('a proxy that says nothing is known by its HTTP/1.0', async () => {
    const grant = await access().grant(request(), { ...LOCAL, httpVersion: '1.0' });
    expect(grant).toBeUndefined();
  });

  test('is closed in production, where a proxy may say nothing at all', async () => {
    const env = { NODE_ENV: 'production' };
    expect(await access({}, env).grant(request(), LOCAL)).toBeUndefined();
    const told = access({ loopback: true }, env);
    expect(await told.grant(request(), LOCAL)).toEqual({ by: 'loopback' });
    expect(await access({ loopback: false }).grant(request(), LOCAL)).toBeUndefined();
  });

  test.each(['localhost', 'LOCALHOST:3000', 'app.localhost', '127.0.0.1:80', '[::1]:3000'])(
    'the name %s means this machine',
    async (host) => {
      expect(await access().grant(request({ host }), LOCAL)).toBeDefined();
    },
  );

  test.each([
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    'evillocalhost',
    '127.0.0.1.evil.example',
    '0.0.0.0',
    'a@localhost',
    'localhost:3000:3000',
  ])('another name may be made to lead here: %s', async (host) => {
    expect(await access().grant(request({ host }), LOCAL)).toBeUndefined();
  });

  test('a name that the application gave is its own', async () => {
    const named = access({ hosts: ['Shop.Test'] });
    expect(await named.grant(request({ host: 'shop.test:3000' }), LOCAL)).toBeDefined();
  });
});

describe('with a token', () => {
  const withToken = access({ token: TOKEN });
  const bearer = (token: string) => request({ authorization: `Bearer ${token}` });

  test('whoever shows it may look, from anywhere', async () => {
    const grant = await withToken.grant(bearer(TOKEN), { remoteAddress: '203.0.113.7' });
    expect(grant).toEqual({ by: 'token', expiresAt: undefined });
  });

  test.each(['', 'wrong', `${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase()])(
    'not who shows "%s"',
    async (token) => {
      expect(await withToken.grant(bearer(token), {})).toBeUndefined();
    },
  );

  test('it is never taken from the address', async () => {
    const asked = request({}, `http://app.example/lifeguard?token=${TOKEN}`);
    expect(await withToken.grant(asked, {})).toBeUndefined();
  });

  test('comes from the environment too', async () => {
    expect(await access({}, { LIFEGUARD_TOKEN: TOKEN }).grant(bearer(TOKEN), {})).toBeDefined();
    expect(access({}, { LIFEGUARD_TOKEN: '' }).sessions).toBeUndefined();
  });

  test.each(['short', 'a token with spaces in it', 'ein-Schlüssel-mit-Umlaut'])(
    'refuses one that is none: %s',
    (token) => {
      expect(() => access({ token })).toThrow(/LIFEGUARD_TOKEN.*openssl rand/);
      expect(() => access({ token })).not.toThrow(token);
    },
  );
});

describe('a session', () => {
  const time = { wall: WALL };
  const withToken = access({ token: TOKEN }, {}, () => time.wall);
  const cookieOf = (set = '') => set.split(';')[0] ?? '';
  const begin = () => withToken.sessions?.begin(time.wall, false) ?? '';
  const grantFor = (cookie: string) => withToken.grant(request({ cookie }), {});

  test('proves for twelve hours that the token was shown, and does not hold it', async () => {
    time.wall = WALL;
    const set = begin();
    expect(set).toMatch(/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(TOKEN);
    const cookie = `theme=dark; ${cookieOf(set)}; other=1`;
    expect(await grantFor(cookie)).toEqual({ by: 'token', expiresAt: WALL + 43_200_000 });
    time.wall = WALL + 43_200_000;
    expect(await grantFor(cookie)).toBeUndefined();
  });

  test('can be neither lengthened, nor made up, nor brought from another token', async () => {
    time.wall = WALL;
    const cookie = cookieOf(begin());
    const [name, value = ''] = cookie.split('=');
    const [expires, signature] = value.split('.');
    const other = access({ token: 'another-token-long-enough' });
    const foreign = cookieOf(other.sessions?.begin(WALL, false)).split('=')[1];
    for (const forged of [
      `${Number(expires) + 1}.${signature}`,
      `${expires}.`,
      `${expires}`,
      `.${signature}`,
      `${expires}.${signature}x`,
      foreign,
      '',
    ]) {
      expect(await grantFor(`${name}=${forged}`)).toBeUndefined();
    }
  });

  test('is for TLS only where the page came by it', () => {
    expect(withToken.sessions?.begin(WALL, true)).toMatch(/; Secure$/);
  });

  test('has a name of its own for each token, for cookies do not know ports', () => {
    const other = access({ token: 'another-token-long-enough' });
    expect(other.sessions?.name).not.toBe(withToken.sessions?.name);
  });
});

describe('an application’s own check', () => {
  test('lets in whom it knows, to look', async () => {
    const own = access({ authorize: async ({ headers }) => headers.get('x-user') === 'ann' });
    expect(await own.grant(request({ 'x-user': 'ann' }), {})).toEqual({ by: 'application' });
    expect(await own.grant(request({ 'x-user': 'bob' }), {})).toBeUndefined();
  });
});

describe('another site', () => {
  const isForeign = (headers: Record<string, string>, options?: AccessOptions) =>
    access(options).isForeign(request({ host: 'app.example', ...headers }));

  test('is known by its origin, whatever else it says', () => {
    expect(isForeign({ origin: 'https://evil.example' })).toBe(true);
    expect(isForeign({ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' })).toBe(
      true,
    );
    expect(isForeign({ origin: 'http://app.example:8080' })).toBe(true);
    expect(isForeign({ origin: 'null' })).toBe(true);
    expect(isForeign({ origin: 'file://' })).toBe(true);
    expect(isForeign({ 'sec-fetch-site': 'cross-site' })).toBe(true);
    expect(isForeign({ 'sec-fetch-site': 'same-site' })).toBe(true);
  });

  test('is not the page itself, nor what is no browser', () => {
    expect(isForeign({ origin: 'https://app.example' })).toBe(false);
    expect(isForeign({ origin: 'https://app.example:443' })).toBe(false);
    expect(isForeign({ origin: 'https://app.example', 'sec-fetch-site': 'same-origin' })).toBe(
      false,
    );
    expect(isForeign({ 'sec-fetch-site': 'none' })).toBe(false);
    expect(isForeign({})).toBe(false);
  });

  test('is not one that the application calls its own', () => {
    const origins = ['https://ops.example'];
    expect(isForeign({ origin: 'https://ops.example' }, { origins })).toBe(false);
  });
});
