import { readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { hasCode } from './error-code.ts';

interface Link {
  /** What the link points to, and where it belongs; both begin with `native/`. */
  readonly source: string;
  readonly target: string;
}

/**
 * Makes the shared-library links that npm packages can't contain and an install script would have made
 * (`libpq.so.5` → `libpq.so.5.18`); install scripts are often off.
 *
 * @throws the system's error when the folder can't be written to.
 */
export async function makeLibraryLinks(nativeDir: string): Promise<void> {
  for (const { source, target } of await readLinks(nativeDir)) {
    const link = join(nativeDir, relative('native', target));
    const pointsTo = relative(dirname(target), source);
    try {
      await symlink(pointsTo, link);
    } catch (error) {
      // Made before, or by another process just now.
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
}

async function readLinks(nativeDir: string): Promise<Link[]> {
  try {
    return JSON.parse(await readFile(join(nativeDir, 'pg-symlinks.json'), 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
