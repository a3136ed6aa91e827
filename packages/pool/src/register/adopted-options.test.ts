import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { resolveOptions } from '../options/index.ts';
import type { PoolConfig } from '../options/types.ts';
import { adoptedOptions } from './adopted-options.ts';

const URL = 'postgresql://me:hunter2@db.example/shop';

function adopt(config: PoolConfig | undefined, env: NodeJS.ProcessEnv = {}) {
  const told: string[] = [];
  const resolved = adoptedOptions(config, (message) => told.push(message), env);
  return { ...resolved, told };
}

test('what makes sense is resolved as for a pool of ours', () => {
  const config = { connectionString: `${URL}?connection_limit=4`, min: 2 };
  const env = { DATABASE_POOL_MAX: '3', DATABASE_URL: config.connectionString };
  const { told, ...resolved } = adopt(config, env);
  expect(told).toEqual([]);
  expect(resolved.options).toEqual(resolveOptions(config, env).options);
  expect(resolved.origins).toEqual(resolveOptions(config, env).origins);
});

test('a pool that names no server stays where pg leads it, whatever DATABASE_URL says', () => {
  const env = { DATABASE_URL: `${URL}?connection_limit=4` };
  expect(resolveOptions({}, env).pgConfig.connectionString).toBe(URL);
  for (const config of [undefined, {}, { max: 3 }]) {
    const { pgConfig, options } = adopt(config, env);
    expect(pgConfig.connectionString).toBeUndefined();
    expect(options.max).toBe(config?.max ?? 10);
  }
});

test('schema in the URL sets no search path, for pg knows it not', () => {
  const config = { connectionString: `${URL}?schema=other&application_name=shop` };
  expect(resolveOptions(config, {}).pgConfig.options).toContain('search_path');
  const { pgConfig, schema } = adopt(config);
  expect([pgConfig.options, schema]).toEqual([undefined, undefined]);
  expect(pgConfig.application_name).toBe('shop');
});

test('each value that cannot be used is left out, from the place where it would have counted', () => {
  const DATABASE_URL = `${URL}?pool_timeout=abc&connect_timeout=2&statement_timeout=3000`;
  const { options, told } = adopt(
    { connectionString: DATABASE_URL, max: -1, min: 20, statement_timeout: '5s' as never },
    { DATABASE_POOL_MAX: 'x', DB_CONNECTION_LIMIT: '6', DATABASE_URL },
  );
  expect(options).toMatchObject({
    max: 6,
    min: 0,
    connectionTimeoutMillis: 10_000,
    connectTimeoutMillis: 2_000,
    statementTimeoutMillis: 3_000,
  });
  expect(told).toEqual([
    expect.stringMatching(/^max=-1 in code is negative: .* \(left out\)$/),
    expect.stringMatching(/^pool_timeout=abc in DATABASE_URL .* \(left out\)$/),
    expect.stringMatching(/^statement_timeout=5s in code .* \(left out\)$/),
    expect.stringMatching(/^min=20 in code is more than the most connections, 6 /),
  ]);
});

test('a connection string that only pg may understand is left to pg', () => {
  const connectionString = 'postgresql://me:hunter2@one,two/shop';
  expect(() => resolveOptions({ connectionString }, {})).toThrow();
  const { pgConfig, options, told } = adopt(
    { connectionString, password: 'hunter2', max: 3 },
    { DATABASE_URL: URL },
  );
  expect(pgConfig).toMatchObject({ connectionString, max: 3 });
  expect(pgConfig.password).toBe('hunter2');
  expect(options.max).toBe(3);
  expect(told).toEqual([
    expect.stringMatching(/names several hosts.* \(no option is read from it\)$/),
  ]);
  expect(inspect(pgConfig) + told.join()).not.toContain('hunter2');
});

test('a password that pg-pool has hidden is kept', () => {
  const config = Object.defineProperty({ host: 'db', max: -1 }, 'password', { value: 'hunter2' });
  const { pgConfig, told } = adopt(config);
  expect(pgConfig.password).toBe('hunter2');
  expect(told).toHaveLength(1);
});
