import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { collectConfiguration } from './collect.ts';
import { readEnvironment } from './env-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'lifeguard-configuration-'));
afterAll(() => rmSync(folder, { recursive: true }));

function collect(
  env: Record<string, string>,
  dependencies: Record<string, string> = {},
  url?: string,
) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies }));
  return collectConfiguration({ url, environment: readEnvironment([], env), folder });
}

const ADDRESS = 'postgresql://app:s3cret@db.example.com:6000/shop';
const prisma7 = { '@prisma/client': '7.10.0', '@prisma/adapter-pg': '7.10.0' };

test('reads the address without its password', () => {
  const { facts, where, addressFile } = collect({
    DATABASE_URL: `${ADDRESS}?sslmode=verify-full&sslpassword=geheim&application_name=web`,
  });
  expect(facts).toMatchObject({
    origin: 'DATABASE_URL',
    host: 'db.example.com',
    hostKind: 'remote',
    port: 6000,
    database: 'shop',
    user: 'app',
    tls: 'verify-full',
    applicationName: 'web',
  });
  expect([where, addressFile]).toEqual([
    'shop at db.example.com:6000 (DATABASE_URL)',
    'DATABASE_URL',
  ]);
  expect(JSON.stringify(facts)).not.toMatch(/s3cret|geheim/);
});

describe('what becomes of the limits depends on who reads them', () => {
  const url = { DATABASE_URL: `${ADDRESS}?connection_limit=3&pool_timeout=7` };

  test.each([
    [{ '@lifeguard/prisma': '0.1.0' }, 3, 7_000],
    [{}, 3, 7_000],
    [{ '@prisma/client': '6.19.0' }, 3, 7_000],
    [prisma7, 10, 0],
    [{ pg: '8.23.1' }, 10, 0],
  ])('%j', (dependencies, max, wait) => {
    const { pool } = collect(url, dependencies as Record<string, string>).facts;
    expect([pool.max.value, pool.waitMillis.value]).toEqual([max, wait]);
  });

  test('and says where each comes from', () => {
    expect(collect(url).facts.pool.max.origin).toBe('connection_limit in DATABASE_URL');
    expect(collect({ ...url, DB_CONNECTION_LIMIT: '4' }).facts).toMatchObject({
      pool: { max: { value: 4, origin: 'DB_CONNECTION_LIMIT in the environment' } },
      overruled: [{ parameter: 'connection_limit', by: 'DB_CONNECTION_LIMIT' }],
    });
    expect(collect(url, prisma7).facts.pool.max.origin).toBe('the default of Prisma’s adapter');
  });
});

test('what makes no sense is a fact, and the rest is read all the same', () => {
  const { facts } = collect({
    DATABASE_URL: `${ADDRESS}?connection_limit=abc&pool_timeout=30000&application_name=web`,
    DATABASE_POOL_MIN: '-1',
  });
  expect(facts.invalid.map(({ parameter }) => parameter).sort()).toEqual([
    'DATABASE_POOL_MIN',
    'connection_limit',
    'pool_timeout',
  ]);
  expect(facts.applicationName).toBe('web');
});

test('an address that can’t be read at all is an error', () => {
  expect(() => collect({ DATABASE_URL: 'mysql://app:s3cret@db/shop' })).toThrow(/MySQL/);
  expect(() => collect({})).toThrow(/no database given/);
});

test('a .env file that nobody asked to read is hinted at', () => {
  writeFileSync(join(folder, '.env'), '');
  expect(() => collect({})).toThrow(/no database given.*--env \.env reads it/);
});

test('an address under another name is named, not shown', () => {
  const env = { POSTGRES_URL: ADDRESS, DIRECT_URL: ADDRESS, OTHER: 'x' };
  expect(() => collect(env)).toThrow(
    'there is no DATABASE_URL, but POSTGRES_URL, DIRECT_URL: give what the application uses by --url',
  );
});

test('a certificate that is not there does not hide the address', () => {
  const { facts } = collect({
    DATABASE_URL: `${ADDRESS}?sslmode=verify-full&sslrootcert=/nowhere.pem`,
  });
  expect(facts.host).toBe('db.example.com');
});
