import { expect, test } from 'vitest';
import { configOf } from '../connection/connect.ts';
import { readTarget } from '../connection/target.ts';
import { consoleOf } from './console.ts';

const consoleAt = (url: string) => consoleOf(configOf(readTarget(url, {}), 'test'));

test.each([
  ['postgresql://app:p%40ss@h:6432/shop?connection_limit=3', 'h', 6432, 'app', 'p@ss'],
  ['/run/pgbouncer shop', '/run/pgbouncer', 5432, undefined, undefined],
  ['socket:/run/pgbouncer?db=shop', '/run/pgbouncer', 5432, undefined, undefined],
  [
    'postgresql://app@/shop?host=/run/pgbouncer&port=6432',
    '/run/pgbouncer',
    6432,
    'app',
    undefined,
  ],
])('%s', (url, host, port, user, password) => {
  const config = consoleAt(url);
  expect(config).toMatchObject({ host, port, database: 'pgbouncer', ...(user && { user }) });
  expect(config.password).toBe(password);
});

test('TLS that the address asks for holds for the console, too', () => {
  expect(consoleAt('postgresql://app@h/shop?sslmode=verify-full').ssl).toBeTruthy();
  expect(consoleAt('postgresql://app@h/shop').ssl).toBeFalsy();
});
