import { chmod, cp, mkdir, mkdtemp, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeLibraryLinks } from './library-links.ts';
import { findNativePackage, type NativePackage } from './native-package.ts';
import { chooseRunAs } from './run-as.ts';
import { makeRunnable } from './runnable-binaries.ts';

const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';
const isUnix = process.platform !== 'win32';

let folder: string;
let packageDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'testkit-test-'));
  packageDir = join(folder, 'package');
  await chmod(folder, 0o755);
  await mkdir(packageDir);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The real files as npm unpacks them when install scripts are off. */
async function realPackage(): Promise<NativePackage> {
  const { nativeDir, version } = await findNativePackage();
  const copy = join(packageDir, 'native');
  const isLink = /\/lib\/lib(ecpg|ecpg_compat|icudata|icui18n|icuuc|pgtypes|pq)\.so(\.\d+)?$|\.a$/;
  await cp(nativeDir, copy, { recursive: true, filter: (path) => !isLink.test(path) });
  return { nativeDir: copy, version };
}

/** Programs that do nothing: as good as the real ones where only files are looked at, and quick. */
async function smallPackage(): Promise<NativePackage> {
  const nativeDir = join(packageDir, 'native');
  await mkdir(join(nativeDir, 'bin'), { recursive: true });
  for (const program of ['initdb', 'postgres']) {
    await writeFile(join(nativeDir, 'bin', program), '#!/bin/sh\n', { mode: 0o755 });
  }
  return { nativeDir, version: '18.0.0' };
}

test.runIf(isLinux)('makes missing library links where the binaries are', async () => {
  const native = await realPackage();
  const [one, other] = await Promise.all([
    makeRunnable(native, undefined, folder),
    makeRunnable(native, undefined, folder),
  ]);
  expect(one).toBe(native.nativeDir);
  expect(other).toBe(native.nativeDir);
  expect(await readlink(join(native.nativeDir, 'lib', 'libpq.so.5'))).toMatch(
    /^libpq\.so\.5\.\d+$/,
  );
  await makeLibraryLinks(native.nativeDir);
});

test.runIf(isLinux)('copies binaries that can not be used where they are', async () => {
  const native = await realPackage();
  // Nothing is read-only for root, and an ordinary user has no other to hide the folder from.
  const obstacle = isRoot ? packageDir : join(native.nativeDir, 'lib');
  await chmod(obstacle, isRoot ? 0o700 : 0o555);
  const nobody = { name: 'nobody', uid: 65534, gid: 65534 };
  const users = isRoot ? [nobody, await chooseRunAs()] : [undefined];
  const copies = await Promise.all(users.map((user) => makeRunnable(native, user, folder)));
  await chmod(obstacle, 0o755);
  expect(copies).not.toContain(native.nativeDir);
  expect(new Set(copies).size).toBe(1);
});

test.runIf(isUnix)('two at once share one copy, which is used again', async () => {
  const native = await smallPackage();
  await chmod(join(native.nativeDir, 'bin', 'initdb'), 0o644);
  const make = () => makeRunnable(native, undefined, folder);
  const [one, other] = await Promise.all([make(), make()]);
  expect(one).not.toBe(native.nativeDir);
  expect(other).toBe(one);
  const made = await stat(one);
  expect(made.mode & 0o777).toBe(0o755);
  expect(await make()).toBe(one);
  expect((await stat(one)).ino).toBe(made.ino);
});

test.runIf(isUnix)('makes a copy anew from which a file is missing', async () => {
  const native = await smallPackage();
  await chmod(join(native.nativeDir, 'bin', 'initdb'), 0o644);
  const copy = await makeRunnable(native, undefined, folder);
  await rm(join(copy, 'bin', 'postgres'));
  expect(await makeRunnable(native, undefined, folder)).toBe(copy);
  expect((await stat(join(copy, 'bin', 'postgres'))).isFile()).toBe(true);
});

test.runIf(isUnix)('does not trust a folder that others can write to', async () => {
  const native = await smallPackage();
  await chmod(join(native.nativeDir, 'bin', 'initdb'), 0o644);
  const cache = join(folder, `lifeguard-testkit-${process.getuid?.()}`);
  await mkdir(cache);
  await chmod(cache, 0o777);
  await expect(makeRunnable(native, undefined, folder)).rejects.toThrow(
    /we alone can write to: remove it/,
  );
});

test.runIf(isUnix)('programs that do not run are an error that says what they need', async () => {
  const native = await smallPackage();
  await writeFile(
    join(native.nativeDir, 'bin', 'initdb'),
    '#!/bin/sh\necho no such library >&2; exit 127',
  );
  await expect(makeRunnable(native, undefined, folder)).rejects.toThrow(
    /don't run on this [\s\S]*no such library[\s\S]*glibc/,
  );
});

test('a platform without binaries is named', async () => {
  await expect(findNativePackage('sunos', 'x64')).rejects.toThrow('No PostgreSQL for sunos-x64');
});
