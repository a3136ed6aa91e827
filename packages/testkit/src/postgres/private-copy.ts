import { createHash } from 'node:crypto';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { hasCode } from './error-code.ts';
import { makeLibraryLinks } from './library-links.ts';
import type { NativePackage } from './native-package.ts';

/**
 * Copies PostgreSQL's files to where every user can read and run them, with the library links; a copy
 * made before is used again.
 *
 * @param tempFolder the folder under which the copies are kept, in a folder of our own.
 * @returns the copy.
 * @throws when that folder exists and belongs to somebody else, or others can write to it.
 */
export async function copyOfNative(
  { nativeDir, version }: NativePackage,
  tempFolder: string,
): Promise<string> {
  const cache = await ownFolder(tempFolder);
  const { mtimeMs } = await stat(nativeDir);
  const source = createHash('sha256').update(`${nativeDir}\n${mtimeMs}`).digest('hex').slice(0, 16);
  const copy = join(cache, `${version}-${source}`);
  if (await isComplete(copy, nativeDir)) return copy;

  // Built aside and moved into place, so that nobody ever runs half a copy.
  const build = await mkdtemp(join(cache, 'build-'));
  try {
    await cp(nativeDir, build, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => isNeeded(path),
    });
    // A read-only folder is copied as one.
    await openToAll(build);
    await makeLibraryLinks(build);
    await putInPlace(build, copy, nativeDir);
  } finally {
    await rm(build, { recursive: true, force: true });
  }
  return copy;
}

async function ownFolder(tempFolder: string): Promise<string> {
  const ourUid = process.getuid?.();
  const folder = join(tempFolder, `lifeguard-testkit-${ourUid ?? 'user'}`);
  await mkdir(folder, { mode: 0o755 }).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
  const info = await lstat(folder);
  // Whoever can write here decides what we run. (Windows has neither owners nor modes to check.)
  const isOurs = ourUid === undefined || (info.uid === ourUid && (info.mode & 0o022) === 0);
  if (!info.isDirectory() || !isOurs) {
    throw new Error(
      `${folder} is not a folder that we alone can write to: remove it, or set TMPDIR to another folder`,
    );
  }
  // A strict umask would close it to the user that PostgreSQL runs as.
  await chmod(folder, 0o755);
  return folder;
}

/** Cleaners of temporary folders remove single old files, so a copy that is there may still lack some. */
async function isComplete(copy: string, nativeDir: string): Promise<boolean> {
  const present = await readdir(copy, { recursive: true }).catch(() => []);
  if (present.length === 0) return false;
  const names = new Set(present);
  const wanted = await readdir(nativeDir, { recursive: true });
  return wanted.every((path) => names.has(path) || !isNeeded(path));
}

/** Static libraries are for linking programs, and are a good part of the size. */
function isNeeded(path: string): boolean {
  return extname(path) !== '.a';
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const isRunnable = entry.isDirectory() || entry.parentPath === join(folder, 'bin');
    if (!entry.isSymbolicLink()) {
      await chmod(join(entry.parentPath, entry.name), isRunnable ? 0o755 : 0o644);
    }
  }
}

async function putInPlace(build: string, copy: string, nativeDir: string): Promise<void> {
  const isTaken = (error: unknown) => hasCode(error, 'EEXIST', 'ENOTEMPTY', 'EPERM');
  try {
    await rename(build, copy);
  } catch (error) {
    if (!isTaken(error)) throw error;
    if (await isComplete(copy, nativeDir)) return;
    await rm(copy, { recursive: true, force: true });
    await rename(build, copy).catch((again: unknown) => {
      if (!isTaken(again)) throw again;
    });
  }
}
