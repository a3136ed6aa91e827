import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const DATABASE_URL = 'postgresql://shop:secret@localhost/shop?connection_limit=5';

test('defaults to Lifeguard on 127.0.0.1:3000 with the routes as they were', () => {
  expect(readConfig({ DATABASE_URL })).toEqual({
    databaseUrl: DATABASE_URL,
    host: '127.0.0.1',
    port: 3000,
    pool: 'lifeguard',
    repaired: false,
  });
});

test('reads every variable', () => {
  const env = { DATABASE_URL, HOST: '::1', PORT: '0', POOL: 'lifeguard', REPAIRED: '1' };
  expect(readConfig(env)).toMatchObject({
    host: '::1',
    port: 0,
    pool: 'lifeguard',
    repaired: true,
  });
  expect(readConfig({ DATABASE_URL, POOL: 'stock' })).toMatchObject({ pool: 'stock' });
});

test.each([
  [{}, 'DATABASE_URL is not set: give it a PostgreSQL URL'],
  [{ DATABASE_URL: 'mysql://shop:secret@localhost/shop' }, 'DATABASE_URL is not a PostgreSQL URL'],
  [{ DATABASE_URL: 'postgresql://shop:secret@local host' }, 'DATABASE_URL is not a PostgreSQL URL'],
  [{ DATABASE_URL: `${DATABASE_URL}x` }, 'connection_limit=5x in DATABASE_URL'],
  [{ DATABASE_URL, PORT: 'http' }, "PORT is 'http': write a number from 0 to 65535."],
  [{ DATABASE_URL, PORT: '65536' }, "PORT is '65536'"],
  [{ DATABASE_URL, POOL: 'big' }, "POOL is 'big': write lifeguard or stock."],
  [{ DATABASE_URL, REPAIRED: 'yes' }, "REPAIRED is 'yes': write 0 or 1."],
  [
    { DATABASE_URL, REPAIRED: '1', POOL: 'stock' },
    'REPAIRED=1 needs POOL=lifeguard: the repaired homepage uses findManyGrouped.',
  ],
])('refuses %j', (env, message) => {
  const read = () => readConfig(env);
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(message);
  expect(read).not.toThrow(/secret/);
});
