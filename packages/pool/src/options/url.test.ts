import { describe, expect, test } from 'vitest';
import { OptionsError, resolveOptions } from './index.ts';

const BASE = 'postgresql://app:s3cret@db.example/shop';
const resolveUrl = (connectionString: string) => resolveOptions({ connectionString }, {});

describe('which URL is used', () => {
  const env = { DATABASE_URL: `${BASE}?connection_limit=5` };

  test('DATABASE_URL when code and PG* name no server', () => {
    const { options, pgConfig } = resolveOptions({ max: undefined, ssl: true }, env);
    expect([options.max, pgConfig.connectionString]).toEqual([5, BASE]);
  });

  test.each([{ host: 'h' }, { port: 1 }, { user: 'u' }, { database: 'd' }])(
    'not with %o',
    (code) => {
      const { options, pgConfig, warnings } = resolveOptions(code, env);
      expect([options.max, pgConfig.connectionString, warnings]).toEqual([10, undefined, []]);
    },
  );

  test.each(['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE'])('not with %s, which is said', (name) => {
    const { pgConfig, warnings } = resolveOptions({}, { ...env, [name]: '1' });
    expect(pgConfig.connectionString).toBeUndefined();
    expect(warnings).toMatchObject([{ parameter: 'DATABASE_URL' }]);
  });

  test('connectionString in code before DATABASE_URL', () => {
    const { options } = resolveOptions({ connectionString: `${BASE}?connection_limit=6` }, env);
    expect(options.max).toBe(6);
  });

  test('messages name where the URL came from', () => {
    const bad = `${BASE}?connection_limit=x`;
    const message = 'connection_limit=x in DATABASE_URL is not a whole number';
    expect(() => resolveOptions({}, { DATABASE_URL: bad })).toThrow(message);
    expect(() => resolveOptions({ connectionString: bad }, { DATABASE_URL: bad })).toThrow(message);
  });
});

describe('what stays in the URL stays as it was', () => {
  test.each([
    BASE,
    `${BASE}?sslmode=verify-full&application%5Fx=1#x`,
    'postgres://a:b%23c@[::1]:1/d?client_encoding=utf8',
    'postgres:///shop?host=/tmp',
    'postgres://%2Ftmp/shop',
    'socket:/tmp?db=shop&encoding=utf8',
    '/tmp shop',
  ])('%s', (url) => {
    expect(resolveUrl(url).pgConfig.connectionString).toBe(url);
  });

  test('around the parameters that are taken out', () => {
    const url = `${BASE}?sslmode=disable&pool_timeout=3&lock_timeout=4&schema=public&user=a%20b`;
    expect(resolveUrl(url).pgConfig.connectionString).toBe(
      `${BASE}?sslmode=disable&lock_timeout=4&user=a%20b`,
    );
  });

  test("pg's plain options in code are not overruled by the URL", () => {
    const connectionString = `${BASE}?lock_timeout=4&query_timeout=5`;
    const { pgConfig } = resolveOptions({ connectionString, lock_timeout: 9 }, {});
    expect(pgConfig.connectionString).toBe(`${BASE}?query_timeout=5`);
    expect(pgConfig.lock_timeout).toBe(9);
  });
});

describe('a URL that cannot be used is refused without being quoted', () => {
  test.each([
    ['postgres://app:s3#cret@db/shop', 'percent-encoded'],
    ['postgres://app:s3/cret@db/shop', 'percent-encoded'],
    ['postgres://app:s3?cret@db/shop', 'percent-encoded'],
    ['postgres://app:12#3cret@db/shop', 'percent-encoded'],
    ['postgres://app:12/3cret@db/shop', 'percent-encoded'],
    ['postgres://app:12?3cret=1@db/shop', 'percent-encoded'],
    ['postgres://app:s%e9cret@db/shop', "stray '%'"],
    ['postgres://app:s3cret@db:99999/shop', 'at most 65535'],
    ['postgres://app:s3cret@db:port/shop', 'the port must be a number'],
    ['postgres://app:s3cret@db1,db2/shop', 'several hosts'],
    ['postgres://app:s3cret@db1:1,db2:2/shop', 'several hosts'],
    ['mysql://app:s3cret@db/shop', 'MySQL'],
    ['file:./dev-s3cret.db', 'SQLite'],
    ['prisma://accelerate.example/?api_key=s3cret', 'Prisma Accelerate'],
    ['prisma+postgres://localhost:1/?api_key=s3cret', "Prisma's service"],
    ['jdbc:postgresql://db/shop?password=s3cret', "leave out 'jdbc:'"],
    ['"postgres://app:s3cret@db/shop"', 'remove the quotes'],
    ['host=db password=s3cret', 'is not a URL'],
    ['s3cret:5432/shop', 'postgresql://'],
    ['postgres:s3cret@db/shop', 'no // behind its scheme'],
    ['postgresql:/app:s3cret@db/shop', 'no // behind its scheme'],
    ['//app:s3cret@db/shop', 'is not a URL'],
    ["psql 'postgresql://app:s3cret@db/shop'", 'something before the URL'],
    ['DATABASE_URL=postgresql://app:s3cret@db/shop', 'something before the URL'],
    ['export DB_URL="postgresql://app:s3cret@db/shop"', 'something before the URL'],
  ])('%s', (url, reason) => {
    const resolve = () => resolveOptions({}, { DATABASE_URL: url });
    expect(resolve).toThrow(OptionsError);
    expect(resolve).toThrow(/^DATABASE_URL [^\n]*$/);
    expect(resolve).toThrow(reason);
    expect(resolve).not.toThrow(/s3|cret/);
  });

  test('an unusual scheme is only a warning, because node-postgres does not look at it', () => {
    const { pgConfig, warnings } = resolveUrl('postgis://db/shop');
    expect(pgConfig.connectionString).toBe('postgis://db/shop');
    expect(warnings).toMatchObject([{ parameter: 'connectionString' }]);
  });
});

test.each([
  `postgresql://app:$\{DB_PASSWORD}@db/shop`,
  'postgresql://app:$DB_PASSWORD@db/shop',
  'postgresql://postgres:[YOUR-PASSWORD]@db.example.supabase.co:5432/postgres',
])('a placeholder is a warning: %s', (url) => {
  const placeholder = expect.stringContaining('holds a placeholder that was not filled in');
  expect(resolveUrl(url).warnings).toMatchObject([{ message: placeholder }]);
});

describe('a parameter that nobody reads is a warning', () => {
  const warningOf = (query: string) => resolveUrl(`${BASE}?${query}`).warnings;

  test.each([
    ['conection_limit=4', 'connection_limit'],
    ['connectionLimit=4', 'connection_limit'],
    ['pooltimeout=4', 'pool_timeout'],
    ['max=4', 'connection_limit'],
    ['pool_size=4', 'connection_limit'],
    ['idleTimeoutMillis=4', 'max_idle_connection_lifetime'],
    ['currentSchema=x', 'schema'],
  ])('%s: did you mean %s?', (query, meant) => {
    const parameter = query.split('=')[0];
    expect(warningOf(query)).toEqual([
      { parameter, unknown: true, message: expect.stringContaining(`did you mean ${meant}?`) },
    ]);
  });

  test('an unknown name without a near one', () => {
    expect(warningOf('workaround=x')).toMatchObject([
      { unknown: true, message: expect.stringContaining('leave it out') },
    ]);
  });

  test.each([
    'channel_binding=require',
    'target_session_attrs=any',
    'keepalives_idle=3',
    'sslaccept=strict',
    'sslidentity=a',
    'gssencmode=x',
  ])('known elsewhere: %s', (query) => {
    const [warning, ...others] = warningOf(query);
    expect(warning?.message).toContain('is not supported by node-postgres and ignored');
    expect(warning?.unknown).toBeUndefined();
    expect(others).toEqual([]);
  });

  test('a typing mistake in code', () => {
    const code: object = { maxLifetimeSecond: 4, myOwnClientSetting: 1 };
    expect(resolveOptions(code, {}).warnings).toMatchObject([
      { parameter: 'maxLifetimeSecond', unknown: true },
    ]);
  });
});

test('what node-postgres takes from the URL although code gives it is said', () => {
  const code = { connectionString: `${BASE}?sslmode=disable`, host: 'h', password: 'p', ssl: true };
  expect(resolveOptions(code, {}).warnings.map(({ parameter }) => parameter)).toEqual([
    'host',
    'password',
    'ssl',
  ]);
});
