import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseRunAs, type RunAs } from './run-as.ts';
import { findTempFolder } from './temp-folder.ts';

const POSTGRES = { name: 'postgres', uid: 101, gid: 104 };
/** Not whoever runs this test. */
const NOBODY = { name: 'nobody', uid: 54321, gid: 54321 };

function usersAre(...users: RunAs[]) {
  return async (name: string) => users.find((user) => user.name === name);
}

test('an ordinary user runs PostgreSQL as itself', async () => {
  expect(await chooseRunAs(1000, usersAre(POSTGRES))).toBeUndefined();
});

test('root runs it as postgres, or else as nobody', async () => {
  expect(await chooseRunAs(0, usersAre(POSTGRES, NOBODY))).toEqual(POSTGRES);
  expect(await chooseRunAs(0, usersAre(NOBODY))).toEqual(NOBODY);
});

test('root without either is told what to do', async () => {
  await expect(chooseRunAs(0, usersAre())).rejects.toThrow(/useradd --system postgres/);
});

test('a temporary folder closed to the user is passed over', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'testkit-test-'));
  try {
    await chmod(folder, 0o700);
    expect(await findTempFolder(NOBODY, [folder, '/'])).toBe('/');
    expect(await findTempFolder(undefined, [folder, '/'])).toBe(folder);
    await expect(findTempFolder(NOBODY, [folder])).rejects.toThrow(/user nobody.*Set TMPDIR/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
