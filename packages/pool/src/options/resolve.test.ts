import { describe, expect, test } from 'vitest';
import { OptionsError, type PoolConfig, resolveOptions } from './index.ts';

const BASE = 'postgresql://app:s3cret@db.example:5432/shop';
const NO_ENV = {};

const fromUrl = (query: string, code: PoolConfig = {}, env: NodeJS.ProcessEnv = NO_ENV) =>
  resolveOptions({ connectionString: `${BASE}?${query}`, ...code }, env);
const messages = (resolved: ReturnType<typeof resolveOptions>) =>
  resolved.warnings.map(({ message }) => message);

function refusal(resolve: () => unknown): OptionsError {
  try {
    resolve();
  } catch (error) {
    if (error instanceof OptionsError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

test('the defaults are those of the documentation', () => {
  const { options, origins, warnings } = resolveOptions(undefined, NO_ENV);
  expect(options).toEqual({
    max: 10,
    min: 0,
    connectionTimeoutMillis: 10_000,
    connectConcurrency: 1,
    reclaimLeaks: false,
    findRepeats: true,
    connectTimeoutMillis: 5_000,
    idleTimeoutMillis: 10_000,
    maxLifetimeSeconds: 0,
    maxUses: Number.POSITIVE_INFINITY,
    maxWaiting: Number.POSITIVE_INFINITY,
    statementTimeoutMillis: 0,
    prepare: true,
    prepareCacheSize: 100,
    multiplex: true,
    multiplexDepth: 100,
    pipelineTransactions: true,
    reserveShared: true,
    leakThresholdMillis: 0,
    slowThresholdMillis: 1_000,
    allowExitOnIdle: false,
    applicationName: undefined,
    pooler: 'none',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  expect(Object.values(origins).every(({ from }) => from === 'default')).toBe(true);
  expect(warnings).toEqual([]);
});

describe('a value is read from each of its places', () => {
  test.each([
    ['connection_limit=7', 'max', 7],
    ['pool_timeout=3', 'connectionTimeoutMillis', 3_000],
    ['pool_timeout=0.5', 'connectionTimeoutMillis', 500],
    ['connect_timeout=4', 'connectTimeoutMillis', 4_000],
    ['socket_timeout=30', 'statementTimeoutMillis', 30_000],
    ['statement_timeout=1500', 'statementTimeoutMillis', 1_500],
    ['pgbouncer=true', 'pooler', 'pgbouncer'],
    ['pgbouncer=off', 'pooler', 'none'],
    ['prepared_statements=false', 'prepare', false],
    ['prepared_statements=1', 'prepare', true],
    ['statement_cache_size=0', 'prepare', false],
    ['statement_cache_size=25', 'prepareCacheSize', 25],
    ['max_idle_connection_lifetime=300', 'idleTimeoutMillis', 300_000],
    ['max_idle_connection_lifetime=0', 'idleTimeoutMillis', 0],
    ['max_connection_lifetime=1800', 'maxLifetimeSeconds', 1_800],
    ['application_name=my%20shop', 'applicationName', 'my shop'],
  ] as const)('URL %s', (query, option, value) => {
    const { options, origins, pgConfig, warnings } = fromUrl(query);
    expect(options[option]).toBe(value);
    expect(origins[option]).toEqual({ from: 'url', name: query.split('=')[0] });
    expect(pgConfig.connectionString).toBe(BASE);
    expect(warnings).toEqual([]);
  });

  test.each([
    ['DB_CONNECTION_LIMIT', '7', 'max', 7],
    ['DATABASE_POOL_MAX', '8', 'max', 8],
    ['DATABASE_POOL_MIN', ' 2 ', 'min', 2],
    ['DB_POOL_TIMEOUT', '20', 'connectionTimeoutMillis', 20_000],
    ['DATABASE_ACQUIRE_TIMEOUT', '30000', 'connectionTimeoutMillis', 30_000],
    ['DATABASE_CONNECTION_TIMEOUT', '30000', 'connectTimeoutMillis', 30_000],
    ['PGAPPNAME', 'shop', 'applicationName', 'shop'],
  ] as const)('environment %s=%s', (name, text, option, value) => {
    const { options, origins, warnings } = resolveOptions({}, { [name]: text });
    expect(options[option]).toBe(value);
    expect(origins[option]).toEqual({ from: 'environment', name });
    expect(warnings).toEqual([]);
  });

  test.each([
    ['max', 3, 'max', 3],
    ['max', '3', 'max', 3],
    ['poolSize', 4, 'max', 4],
    ['min', 1, 'min', 1],
    ['connectionTimeoutMillis', 0, 'connectionTimeoutMillis', 0],
    ['connectionTimeoutMillis', 1, 'connectionTimeoutMillis', 1],
    ['connectTimeoutMillis', 0, 'connectTimeoutMillis', 0],
    ['idleTimeoutMillis', null, 'idleTimeoutMillis', 0],
    ['maxLifetimeSeconds', 0.5, 'maxLifetimeSeconds', 0.5],
    ['maxUses', 0, 'maxUses', Number.POSITIVE_INFINITY],
    ['maxUses', 5, 'maxUses', 5],
    ['maxWaiting', 0, 'maxWaiting', 0],
    ['maxWaiting', Number.POSITIVE_INFINITY, 'maxWaiting', Number.POSITIVE_INFINITY],
    ['statementTimeoutMillis', 9, 'statementTimeoutMillis', 9],
    ['statement_timeout', false, 'statementTimeoutMillis', 0],
    ['statement_timeout', 9, 'statementTimeoutMillis', 9],
    ['prepare', false, 'prepare', false],
    ['prepareCacheSize', 5, 'prepareCacheSize', 5],
    ['multiplex', false, 'multiplex', false],
    ['multiplexDepth', 1, 'multiplexDepth', 1],
    ['reserveShared', false, 'reserveShared', false],
    ['leakThresholdMillis', 5, 'leakThresholdMillis', 5],
    ['slowThresholdMillis', 0, 'slowThresholdMillis', 0],
    ['allowExitOnIdle', true, 'allowExitOnIdle', true],
    ['applicationName', 'a', 'applicationName', 'a'],
    ['application_name', 'a', 'applicationName', 'a'],
    ['pooler', 'pgbouncer', 'pooler', 'pgbouncer'],
    ['keepAlive', false, 'keepAlive', false],
    ['keepAliveInitialDelayMillis', 0, 'keepAliveInitialDelayMillis', 0],
  ] as const)('code %s: %s', (name, given, option, value) => {
    const { options, origins, warnings } = resolveOptions({ [name]: given }, NO_ENV);
    expect(options[option]).toBe(value);
    expect(origins[option]).toEqual({ from: 'code', name });
    expect(warnings).toEqual([]);
  });
});

describe('precedence', () => {
  const env = { DB_CONNECTION_LIMIT: '6', PGAPPNAME: 'from-env' };

  test('code before environment before URL', () => {
    const max = (resolved: ReturnType<typeof resolveOptions>) => [
      resolved.options.max,
      resolved.origins.max.from,
    ];
    expect(max(fromUrl('connection_limit=5', { max: 7 }, env))).toEqual([7, 'code']);
    expect(max(fromUrl('connection_limit=5', {}, env))).toEqual([6, 'environment']);
    expect(max(fromUrl('connection_limit=5'))).toEqual([5, 'url']);
  });

  test("node-postgres's own PGAPPNAME comes after the URL, as it does there", () => {
    expect(fromUrl('application_name=from-url', {}, env).options.applicationName).toBe('from-url');
    expect(fromUrl('', {}, env).options.applicationName).toBe('from-env');
  });

  test('an empty variable and an undefined option count as not given', () => {
    const { options } = resolveOptions({ max: undefined }, { DB_CONNECTION_LIMIT: '' });
    expect(options.max).toBe(10);
  });

  test('a bad value that a higher place overrides is a warning', () => {
    const resolved = resolveOptions({ max: 3 }, { DATABASE_POOL_MAX: 'many' });
    expect(resolved.options.max).toBe(3);
    expect(messages(resolved)).toEqual([
      expect.stringMatching(/^DATABASE_POOL_MAX=many .*not used: max in code counts/),
    ]);
  });

  test('two names in one place that disagree are a warning and the first counts', () => {
    const disagreeing = resolveOptions(
      {},
      { DB_POOL_TIMEOUT: '20', DATABASE_ACQUIRE_TIMEOUT: '5000' },
    );
    expect(disagreeing.options.connectionTimeoutMillis).toBe(20_000);
    expect(messages(disagreeing)).toEqual([
      'DATABASE_ACQUIRE_TIMEOUT in the environment disagrees with DB_POOL_TIMEOUT, which counts; remove one of them',
    ]);
    const agreeing = resolveOptions(
      {},
      { DB_POOL_TIMEOUT: '20', DATABASE_ACQUIRE_TIMEOUT: '20000' },
    );
    expect(agreeing.warnings).toEqual([]);
  });

  test('of a parameter that stands twice the last one counts, with a warning', () => {
    const resolved = fromUrl('connection_limit=5&connection_limit=6');
    expect(resolved.options.max).toBe(6);
    expect(messages(resolved)).toEqual([expect.stringContaining('stands twice')]);
  });

  test('max: 0 is the default, as in pg-pool, but said', () => {
    const resolved = resolveOptions({ max: 0 }, NO_ENV);
    expect(resolved.options.max).toBe(10);
    expect(resolved.warnings).toMatchObject([{ parameter: 'max' }]);
    expect(resolveOptions({ max: 0, poolSize: 4 }, NO_ENV).options.max).toBe(4);
  });

  test('a short wait bound leaves the connect limit alone', () => {
    const { options } = resolveOptions({ connectionTimeoutMillis: 100 }, NO_ENV);
    expect(options.connectTimeoutMillis).toBe(5_000);
  });
});

describe('a value that cannot be used names itself, its place and the remedy', () => {
  test.each([
    [
      'connection_limit=abc',
      'is not a whole number: give the most connections this process may open, e.g. connection_limit=10',
    ],
    ['connection_limit=0', 'is less than 1'],
    ['connection_limit=-1', 'is negative'],
    ['connection_limit=1.5', 'is not a whole number'],
    ['connection_limit=1e9', 'is more than 262143'],
    ['connection_limit=0x10', 'is not a whole number'],
    ['connection_limit=Infinity', 'is not a whole number'],
    ['pool_timeout=10s', 'is not a number of seconds'],
    ['pool_timeout=-1', 'is negative'],
    ['pool_timeout=30000', 'is in seconds (8 h 20 min): did you mean pool_timeout=30?'],
    ['connect_timeout=5000', 'did you mean connect_timeout=5?'],
    ['socket_timeout=30000', 'did you mean socket_timeout=30?'],
    ['max_connection_lifetime=99999999', 'the longest timer: use 0 for no limit'],
    ['pgbouncer=maybe', 'e.g. pgbouncer=true'],
    ['prepared_statements=maybe', 'is not true or false'],
    ['statement_cache_size=many', 'e.g. statement_cache_size=100'],
    ['statement_timeout=5s', 'is not a number of milliseconds'],
    ['lock_timeout=5s', 'give milliseconds without a unit'],
  ])('URL %s', (query, reason) => {
    const error = refusal(() => fromUrl(query));
    expect(error).toMatchObject({ code: 'LIFEGUARD_OPTIONS', parameter: query.split('=')[0] });
    expect(error.message).toContain(`${query} in connectionString `);
    expect(error.message).toContain(reason);
    expect(error.message).not.toContain('\n');
  });

  test.each([
    ['DB_CONNECTION_LIMIT', 'abc', 'is not a whole number'],
    ['DATABASE_POOL_MIN', '-1', 'is negative'],
    ['DB_POOL_TIMEOUT', '20000', 'did you mean DB_POOL_TIMEOUT=20?'],
    ['DATABASE_ACQUIRE_TIMEOUT', '30s', 'e.g. DATABASE_ACQUIRE_TIMEOUT=10000'],
  ])('environment %s=%s', (name, value, reason) => {
    const error = refusal(() => resolveOptions({}, { [name]: value }));
    expect(error.parameter).toBe(name);
    expect(error.message).toContain(`${name}=${value} in the environment `);
    expect(error.message).toContain(reason);
  });

  test.each([
    [{ max: Number.NaN }, 'max=NaN in code is not a whole number'],
    [{ max: 2, min: 3 }, 'min=3 in code is more than the most connections, 2 in code'],
    [{ min: 11 }, '10 by default: lower it or raise max'],
    [{ idleTimeoutMillis: Number.POSITIVE_INFINITY }, 'use 0 for no limit'],
    [{ connectionTimeoutMillis: 1e12 }, 'the longest timer'],
    [{ multiplexDepth: 0 }, 'is less than 1'],
    [{ connectConcurrency: 0 }, 'is less than 1'],
  ])('code %o', (code, reason) => {
    expect(refusal(() => resolveOptions(code, NO_ENV)).message).toContain(reason);
  });

  test('an empty URL parameter', () => {
    expect(refusal(() => fromUrl('connection_limit=')).message).toContain('is empty');
    expect(refusal(() => fromUrl('schema=')).parameter).toBe('schema');
  });
});

describe('a value that is probably not meant so is a warning', () => {
  test.each([
    ['pool_timeout=0', 'without limit'],
    ['pool_timeout=600', 'is in seconds (10 min)'],
    ['connect_timeout=0', 'for ever'],
    ['max_connection_lifetime=1800000', 'is in seconds (20 d 20 h)'],
  ])('URL %s', (query, text) => {
    const resolved = fromUrl(query);
    expect(resolved.warnings).toMatchObject([{ parameter: query.split('=')[0] }]);
    expect(messages(resolved)[0]).toContain(text);
  });

  test('milliseconds given as seconds', () => {
    const resolved = resolveOptions({}, { DATABASE_ACQUIRE_TIMEOUT: '30' });
    expect(messages(resolved)[0]).toContain(
      'is in milliseconds; give DATABASE_ACQUIRE_TIMEOUT=30000',
    );
  });

  test('0 in code is taken as said', () => {
    expect(resolveOptions({ connectionTimeoutMillis: 0 }, NO_ENV).warnings).toEqual([]);
  });
});

describe('prepared statements', () => {
  test.each([
    ['pgbouncer=true', {}, false, 'pgbouncer'],
    ['pgbouncer=true&prepared_statements=true', {}, true, 'prepared_statements'],
    ['pgbouncer=true', { prepare: true }, true, 'prepare'],
    ['pgbouncer=true&statement_cache_size=50', {}, false, 'pgbouncer'],
    ['statement_cache_size=0&prepared_statements=true', {}, false, 'statement_cache_size'],
    ['statement_cache_size=0', { prepare: true }, true, 'prepare'],
    ['prepared_statements=true', { prepareCacheSize: 0 }, false, 'prepareCacheSize'],
  ] as const)('%s and %o', (query, code, prepare, name) => {
    const { options, origins } = fromUrl(query, code);
    expect([options.prepare, origins.prepare.name]).toEqual([prepare, name]);
    expect(options.prepareCacheSize).toBeGreaterThan(0);
  });
});

describe('PgBouncer', () => {
  test.each([
    ['socket_timeout=5', {}, 'socket_timeout'],
    ['', { statementTimeoutMillis: 5 }, 'statementTimeoutMillis'],
  ])('our own statement limit is dropped: %s %o', (query, code, parameter) => {
    const { options, origins, pgConfig, warnings } = fromUrl(`pgbouncer=true&${query}`, code);
    expect(options.statementTimeoutMillis).toBe(0);
    expect(origins.statementTimeoutMillis).toEqual({ from: 'url', name: 'pgbouncer' });
    expect(pgConfig.statement_timeout).toBe(false);
    expect(warnings).toMatchObject([{ parameter }]);
  });

  test("pg's own parameters stay, with a warning each", () => {
    const { pgConfig, warnings } = fromUrl('pgbouncer=true&options=-c%20a%3Db', {
      statement_timeout: 5,
      lock_timeout: 6,
    });
    expect(pgConfig).toMatchObject({ statement_timeout: 5, lock_timeout: 6 });
    expect(pgConfig.connectionString).toBe(`${BASE}?options=-c%20a%3Db`);
    expect(warnings.map(({ parameter }) => parameter)).toEqual([
      'statement_timeout',
      'lock_timeout',
      'options',
    ]);
  });

  test('the schema is told but not made the search path', () => {
    const { pgConfig, schema, warnings } = fromUrl('pgbouncer=true&schema=sales');
    expect(schema).toBe('sales');
    expect(pgConfig.options).toBeUndefined();
    expect(warnings).toMatchObject([{ parameter: 'schema' }]);
  });
});

describe('schema', () => {
  test.each([
    ['schema=sales', {}, {}, '-c search_path="sales"'],
    ['schema=my%20shop', {}, {}, '-c search_path="my\\ shop"'],
    ['schema=a%22b%5Cc', {}, {}, '-c search_path="a""b\\\\c"'],
    ['schema=sales&options=-c%20work_mem%3D8MB', {}, {}, '-c work_mem=8MB -c search_path="sales"'],
    ['schema=sales', { options: '-c geqo=off' }, {}, '-c geqo=off -c search_path="sales"'],
    ['schema=sales', {}, { PGOPTIONS: '-c geqo=off' }, '-c geqo=off -c search_path="sales"'],
    ['schema=sales', { options: '-c search_path=mine' }, {}, '-c search_path=mine'],
    ['schema=public', {}, {}, undefined],
  ])('%s with %o and %o', (query, code, env, options) => {
    const { pgConfig, schema, warnings } = fromUrl(query, code, env);
    expect(pgConfig.options).toBe(options);
    expect(pgConfig.connectionString).toBe(BASE);
    expect(schema).toBe(new URLSearchParams(query).get('schema'));
    expect(warnings).toEqual([]);
  });
});
