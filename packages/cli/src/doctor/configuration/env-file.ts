import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { UserError } from '../../frame/user-error.ts';

export interface Environment {
  readonly env: NodeJS.ProcessEnv;
  /** Where a variable was set: the file's name, undefined for the environment. */
  readonly fileOf: (name: string) => string | undefined;
}

/**
 * The environment with the variables of files over it, a later file over an earlier one: whoever names a
 * file wants to know what that file would do.
 *
 * @throws {UserError} when a file can't be read.
 */
export function readEnvironment(files: readonly string[], env: NodeJS.ProcessEnv): Environment {
  const merged: NodeJS.ProcessEnv = { ...env };
  const origins = new Map<string, string>();
  for (const file of files) {
    for (const [name, value] of Object.entries(parseEnv(read(file)))) {
      merged[name] = value;
      origins.set(name, file);
    }
  }
  const expanded = files.length === 0 ? merged : expand(merged, origins);
  return { env: expanded, fileOf: (name) => origins.get(name) };
}

function read(file: string): string {
  try {
    const bytes = readFileSync(file);
    // As Windows PowerShell writes what is sent to a file with `>`.
    if (UTF_16.has(bytes.toString('hex', 0, 2))) {
      throw new UserError(
        `--env ${file}: it is UTF-16, which applications don’t read either: save it as UTF-8`,
      );
    }
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new UserError(`--env ${file}: ${UNREADABLE[code] ?? message}`);
  }
}

/** Byte order marks. */
const UTF_16 = new Set(['fffe', 'feff']);

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
};

/** `${NAME}` as Next.js, Vite and Prisma replace them; what is unknown becomes empty. */
function expand(env: NodeJS.ProcessEnv, origins: ReadonlyMap<string, string>): NodeJS.ProcessEnv {
  const resolved = (name: string, seen: readonly string[]): string => {
    const value = env[name] ?? '';
    // Only files are written with such references; a password in the environment may hold a '$'.
    if (!origins.has(name) || seen.includes(name)) return value;
    return value.replace(/(\\?)\$\{(\w+)\}/g, (all, escaped, other) =>
      escaped ? all.slice(1) : resolved(other, [...seen, name]),
    );
  };
  const names = Object.keys(env).map((name) => [name, resolved(name, [])] as const);
  return Object.fromEntries(names);
}
