import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

/** The option of pg's pool, and so of Prisma's adapter. */
const BOUND = /\bconnectionTimeoutMillis\b/;
const SOURCES = new Set(['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx']);
/** What is installed or built is not what somebody wrote. */
const SKIPPED = new Set(['node_modules', 'dist', 'build', 'out', 'coverage', 'vendor']);
/** A large repository costs no more than a moment; what is beyond is as if it were not there. */
const MOST_FILES = 5_000;

/**
 * The first file of a project that names the bound on the wait for a connection. Which value it gives, and
 * to which pool, is not looked at: that it is there is enough not to say that it is missing.
 */
export function findWaitBoundInCode(folder: string): string | undefined {
  let left = MOST_FILES;
  const folders = [folder];
  for (let at = folders.shift(); at !== undefined && left > 0; at = folders.shift()) {
    for (const entry of entriesOf(at)) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name) && !entry.name.startsWith('.')) folders.push(path);
      } else if (entry.isFile() && SOURCES.has(extname(entry.name)) && left-- > 0) {
        if (BOUND.test(read(path))) return relative(folder, path);
      }
    }
  }
  return undefined;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
