import { expect, test } from 'vitest';
import { findRedis } from './find-redis.ts';

test('takes the server that is installed', async () => {
  const finder = {
    find: async () => '/usr/bin/redis-server',
    mayInstall: async () => true,
    install: () => Promise.reject(new Error('installed for nothing')),
  };
  expect(await findRedis(finder)).toBe('/usr/bin/redis-server');
});

test('installs a missing one where that is allowed', async () => {
  let isInstalled = false;
  const finder = {
    find: async () => (isInstalled ? '/usr/bin/redis-server' : undefined),
    mayInstall: async () => true,
    install: async () => {
      isInstalled = true;
    },
  };
  expect(await findRedis(finder)).toBe('/usr/bin/redis-server');
});

test('says what to do where it is not', async () => {
  const finder = {
    find: async () => undefined,
    mayInstall: async () => false,
    install: () => Promise.reject(new Error('not allowed')),
  };
  await expect(findRedis(finder)).rejects.toThrow(/apt-get install redis-server/);
});
