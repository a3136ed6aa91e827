import { afterEach, expect, test, vi } from 'vitest';
import { type DebianProgram, findProgram, type ProgramFinder } from './find-program.ts';

const redis: DebianProgram = {
  program: 'redis-server',
  package: 'redis-server',
  elsewhere: 'brew install redis',
};

afterEach(() => {
  vi.unstubAllEnvs();
});

test('takes the server that is installed', async () => {
  const finder: ProgramFinder = {
    find: async () => '/usr/bin/redis-server',
    mayInstall: async () => true,
    install: () => Promise.reject(new Error('installed for nothing')),
  };
  expect(await findProgram(redis, finder)).toBe('/usr/bin/redis-server');
});

test('installs a missing one where that is allowed', async () => {
  let isInstalled = false;
  const finder: ProgramFinder = {
    find: async () => (isInstalled ? '/usr/bin/redis-server' : undefined),
    mayInstall: async () => true,
    install: async () => {
      isInstalled = true;
    },
  };
  expect(await findProgram(redis, finder)).toBe('/usr/bin/redis-server');
});

test('says what to do where it is not', async () => {
  const finder: ProgramFinder = {
    find: async () => undefined,
    mayInstall: async () => false,
    install: () => Promise.reject(new Error('not allowed')),
  };
  await expect(findProgram(redis, finder)).rejects.toThrow(/apt-get install redis-server/);
});

test('finds by name in PATH, and by an absolute path', async () => {
  const sh = { ...redis, program: 'sh' };
  expect(await findProgram(sh)).toMatch(/^\/.*\/sh$/);
  expect(await findProgram({ ...redis, program: process.execPath })).toBe(process.execPath);
});

test('takes what the environment names, or says that nothing is there', async () => {
  const ours = { ...redis, program: 'no-such-program', variable: 'REDIS_PATH_OF_TEST' };
  vi.stubEnv('REDIS_PATH_OF_TEST', process.execPath);
  expect(await findProgram(ours)).toBe(process.execPath);
  vi.stubEnv('REDIS_PATH_OF_TEST', '/nowhere/redis');
  await expect(findProgram(ours)).rejects.toThrow(
    'REDIS_PATH_OF_TEST names /nowhere/redis, and no program is there',
  );
});
