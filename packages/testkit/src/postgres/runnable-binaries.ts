import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasCode } from './error-code.ts';
import { makeLibraryLinks } from './library-links.ts';
import type { NativePackage } from './native-package.ts';
import { copyOfNative } from './private-copy.ts';
import type { RunAs } from './run-as.ts';

/**
 * Makes PostgreSQL's programs runnable for the user: where they were installed, or from a copy when
 * that folder is read-only, closed to the user, or without the library links.
 *
 * @returns the folder with `bin`, `lib` and `share`.
 * @throws when they can't be run from a copy either, with what the system said.
 */
export async function makeRunnable(
  native: NativePackage,
  runAs: RunAs | undefined,
  tempFolder: string,
): Promise<string> {
  await makeLibraryLinks(native.nativeDir).catch((error: unknown) => {
    if (!hasCode(error, 'EROFS', 'EACCES', 'EPERM')) throw error;
  });
  if ((await whyNotRunnable(native.nativeDir, runAs)) === undefined) return native.nativeDir;

  const copy = await copyOfNative(native, tempFolder);
  const reason = await whyNotRunnable(copy, runAs);
  if (reason === undefined) return copy;
  const { platform, arch } = process;
  throw new Error(
    `PostgreSQL's programs don't run on this ${platform}-${arch} ` +
      `as ${runAs ? `the user ${runAs.name}` : 'this user'}: ${reason}. ` +
      'They need glibc (Alpine and other musl systems have none: use a Debian-based image) ' +
      'and a temporary folder from which programs may be run (not mounted noexec; else set TMPDIR). ' +
      'In a container without the right to change users, run as an ordinary user instead of root.',
  );
}

async function whyNotRunnable(
  nativeDir: string,
  runAs: RunAs | undefined,
): Promise<string | undefined> {
  const run = promisify(execFile);
  try {
    for (const program of ['initdb', 'postgres']) {
      await run(join(nativeDir, 'bin', program), ['--version'], {
        cwd: '/',
        ...(runAs && { uid: runAs.uid, gid: runAs.gid }),
      });
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  }
}
