import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const PROGRAM = 'redis-server';
/** A package of some megabytes on a slow line; a mirror that hangs must not hold the tests for ever. */
export const INSTALL_LIMIT_MILLIS = 300_000;

export interface RedisFinder {
  /** The program's path, undefined when it is not installed. */
  find(): Promise<string | undefined>;
  /** Whether this machine lets us install packages. */
  mayInstall(): Promise<boolean>;
  install(): Promise<void>;
}

/**
 * The path of redis-server; installs Debian's package first where it is missing and we are root.
 *
 * @throws when it is missing and can't be installed, with what to do.
 */
export async function findRedis(finder: RedisFinder = debian): Promise<string> {
  const found = await finder.find();
  if (found !== undefined) return found;
  if (!(await finder.mayInstall())) {
    throw new Error(
      `${PROGRAM} is not installed, and only root on Debian or Ubuntu can have it installed by the tests. ` +
        'Install it (apt-get install redis-server, brew install redis) and run them again',
    );
  }
  await finder.install();
  const installed = await finder.find();
  if (installed === undefined) throw new Error(`${PROGRAM} is missing after its installation`);
  return installed;
}

const debian: RedisFinder = {
  find: () => findInPath(PROGRAM),

  async mayInstall() {
    return process.getuid?.() === 0 && (await findInPath('apt-get')) !== undefined;
  },

  async install() {
    // Several test files may come here at once, and apt's own lock makes the second fail.
    const script =
      'apt-get -q update && apt-get -q install --yes --no-install-recommends redis-server';
    const [file, args] = (await findInPath('flock'))
      ? ['flock', [join(tmpdir(), 'lifeguard-apt.lock'), 'sh', '-c', script]]
      : ['sh', ['-c', script]];
    await promisify(execFile)(file as string, args as string[], {
      timeout: INSTALL_LIMIT_MILLIS,
      // RUNLEVEL: the package would otherwise start a server of its own.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    });
  },
};

async function findInPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder || '.', program);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
