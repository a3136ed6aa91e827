import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

/** A package of some megabytes on a slow line; a mirror that hangs must not hold the tests for ever. */
export const INSTALL_LIMIT_MILLIS = 300_000;

/** A server that tests need and Debian packages. */
export interface DebianProgram {
  /** Its name, looked for in PATH, or its absolute path. */
  readonly program: string;
  /** Names the variable of the environment that may give the path of another one. */
  readonly variable?: string;
  /** The package that brings it. */
  readonly package: string;
  /** How others install it: `brew install redis`. */
  readonly elsewhere: string;
}

export interface ProgramFinder {
  /** The program's path, undefined when it is not installed. */
  find(): Promise<string | undefined>;
  /** Whether this machine lets us install packages. */
  mayInstall(): Promise<boolean>;
  install(): Promise<void>;
}

/**
 * The path of a program; installs Debian's package first where it is missing and we are root.
 *
 * @throws when it is missing and can't be installed, with what to do.
 */
export async function findProgram(
  wanted: DebianProgram,
  finder: ProgramFinder = debian(wanted),
): Promise<string> {
  const { variable } = wanted;
  const given = variable && process.env[variable];
  if (given) {
    const other = await find(given);
    if (other !== undefined) return other;
    throw new Error(`${variable} names ${given}, and no program is there`);
  }
  const found = await finder.find();
  if (found !== undefined) return found;
  if (!(await finder.mayInstall())) {
    throw new Error(
      `${wanted.program} is not installed, and only root on Debian or Ubuntu can have it installed by the tests. ` +
        `Install it (apt-get install ${wanted.package}, ${wanted.elsewhere}) and run them again`,
    );
  }
  await finder.install();
  const installed = await finder.find();
  if (installed === undefined) {
    throw new Error(`${wanted.program} is missing after its installation`);
  }
  return installed;
}

function debian({ program, package: name }: DebianProgram): ProgramFinder {
  return {
    find: () => find(program),

    async mayInstall() {
      return process.getuid?.() === 0 && (await find('apt-get')) !== undefined;
    },

    async install() {
      // Several test files may come here at once, and apt's own lock makes the second fail.
      const script = `apt-get -q update && apt-get -q install --yes --no-install-recommends ${name}`;
      const [file, args] = (await find('flock'))
        ? ['flock', [join(tmpdir(), 'lifeguard-apt.lock'), 'sh', '-c', script]]
        : ['sh', ['-c', script]];
      await promisify(execFile)(file as string, args as string[], {
        timeout: INSTALL_LIMIT_MILLIS,
        // RUNLEVEL: the package would otherwise start a server of its own.
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
      });
    },
  };
}

async function find(program: string): Promise<string | undefined> {
  const folders = isAbsolute(program) ? [''] : (process.env.PATH ?? '').split(delimiter);
  for (const folder of folders) {
    const path = isAbsolute(program) ? program : join(folder || '.', program);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
