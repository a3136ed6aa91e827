import { inspect } from 'node:util';
import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { clientConfig, describeOptions, guardSecrets, redactUrl, resolveOptions } from './index.ts';

// Letters only, and longer than any word of ours, so that a hit is a leak and not a coincidence.
const piece = fc.stringMatching(/^[A-Z]{12}$/);
const special = fc.stringMatching(/^[!-/:-@[-`{-~ ]{0,4}$/);
const password = fc.tuple(piece, special, piece);
const query = fc.constantFrom(
  '',
  '?connection_limit=5',
  '?connection_limit=abc',
  '?pool_timeout=30000&nonsense=1',
  '?schema=sales&pgbouncer=true&socket_timeout=4',
);

function everythingPrinted(connectionString: string): string {
  try {
    const resolved = resolveOptions({ connectionString }, {});
    const pool = new pg.Pool(resolved.pgConfig);
    guardSecrets(pool.options);
    return [
      inspect(resolved, { depth: null, showHidden: false }),
      JSON.stringify(resolved),
      describeOptions(resolved),
      inspect(pool, { depth: null }),
      JSON.stringify(pool.options),
      inspect(clientConfig(resolved)),
    ].join('\n');
  } catch (error) {
    return inspect(error, { depth: null, showHidden: true });
  }
}

describe('no password is printed', () => {
  test('of a well-formed URL', () => {
    fc.assert(
      fc.property(password, query, ([first, middle, last], parameters) => {
        const secret = encodeURIComponent(first + middle + last);
        const printed = everythingPrinted(`postgres://app:${secret}@db/shop${parameters}`);
        expect(printed).not.toContain(first);
        expect(printed).not.toContain(last);
      }),
    );
  });

  test('of a URL whose password should have been encoded', () => {
    fc.assert(
      fc.property(password, query, ([first, middle, last], parameters) => {
        const printed = everythingPrinted(
          `postgres://app:${first}${middle}${last}@db/shop${parameters}`,
        );
        expect(printed).not.toContain(first);
        expect(printed).not.toContain(last);
      }),
    );
  });

  test('of a password that begins like a port, which a URL parser takes for the end of the host', () => {
    fc.assert(
      fc.property(password, query, ([first, middle, last], parameters) => {
        const printed = everythingPrinted(
          `postgres://app:12?${first}=${middle}${last}@db/shop${parameters}`,
        );
        expect(printed).not.toContain(first);
        expect(printed).not.toContain(last);
      }),
    );
  });

  test('given apart from the URL, nor a TLS key', () => {
    const code = { password: 'SECRETWORD', ssl: { key: 'SECRETKEY', passphrase: 'SECRETPHRASE' } };
    const resolved = resolveOptions(code, {});
    expect(inspect(resolved, { depth: null }) + JSON.stringify(resolved)).not.toContain('SECRET');
    expect(resolved.pgConfig.password).toBe('SECRETWORD');
    expect(clientConfig(resolved).password).toBe('SECRETWORD');
  });

  test('in the query of the URL', () => {
    const printed = everythingPrinted(
      'postgres://db/shop?user=a&password=SECRETWORD&sslmode=disable',
    );
    expect(printed).not.toContain('SECRETWORD');
    expect(printed).toContain('sslmode=disable');
  });
});

describe('pg gets what it needs', () => {
  test('pg.Pool and its clients', () => {
    const connectionString =
      'postgres://app:s3cret@db:6543/shop?connection_limit=4&lock_timeout=5&schema=sales';
    const resolved = resolveOptions({ connectionString }, {});
    const pool = new pg.Pool(resolved.pgConfig);
    guardSecrets(pool.options);
    expect(pool.options).toMatchObject({
      max: 4,
      connectionTimeoutMillis: 10_000,
      connectionString: 'postgres://app:s3cret@db:6543/shop?lock_timeout=5',
    });
    // Prisma's adapter makes a pool of a disposed pool's options: it must find the same database.
    const again = new pg.Pool(pool.options);
    expect(again.options.connectionString).toBe(pool.options.connectionString);
    expect(new pg.Client(clientConfig(resolved))).toMatchObject({
      host: 'db',
      port: 6543,
      user: 'app',
      database: 'shop',
      password: 's3cret',
      connectionParameters: { options: '-c search_path="sales"', lock_timeout: '5' },
    });
  });

  test("the user's own configuration as it was", () => {
    const code = {
      user: 'u',
      host: 'h',
      query_timeout: 5,
      log: () => {},
      onConnect: () => {},
      password: () => 'late',
    };
    const { pgConfig } = resolveOptions(code, {});
    expect(pgConfig).toMatchObject({ user: 'u', host: 'h', query_timeout: 5 });
    expect(pgConfig.log).toBe(code.log);
    expect(pgConfig.onConnect).toBe(code.onConnect);
    expect(pgConfig.password).toBe(code.password);
  });

  test('a client connects within the connect limit, not the wait bound', () => {
    const resolved = resolveOptions({ connectionTimeoutMillis: 7, connectTimeoutMillis: 8 }, {});
    expect(resolved.pgConfig.connectionTimeoutMillis).toBe(7);
    expect(clientConfig(resolved).connectionTimeoutMillis).toBe(8);
  });
});

describe('redactUrl', () => {
  test.each([
    ['postgres://a:b@h/d', 'postgres://a:***@h/d'],
    ['cannot reach postgres://a:b@h:1/d?x=1 now', 'cannot reach postgres://a:***@h:1/d?x=1 now'],
    ['postgres://a:b@h/d, postgres://c:d@i/e', 'postgres://a:***@h/d, postgres://c:***@i/e'],
    ['postgres://a:b@c#d/e?f g@h/d', 'postgres://a:***@h/d'],
    ['postgres://a@h:1/d', 'postgres://a@h:1/d'],
    ['postgres://:b@h/d', 'postgres://:***@h/d'],
    ['postgres://h/d?password=b&x=1', 'postgres://h/d?password=***&x=1'],
    ["host=h password='b c' dbname=d", 'host=h password=***'],
    ['nothing here', 'nothing here'],
  ])('%s', (text, redacted) => {
    expect(redactUrl(text)).toBe(redacted);
  });

  test('no text that holds the URL shows the password', () => {
    fc.assert(
      fc.property(password, fc.string(), fc.string(), ([first, middle, last], before, after) => {
        const url = `postgres://app:${first}${middle}${last}@db/shop`;
        const redacted = redactUrl(`${before}${url}${after}`);
        expect(redacted).not.toContain(first);
        expect(redacted).not.toContain(last);
      }),
    );
  });
});
