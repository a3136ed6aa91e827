import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The operating-system user that PostgreSQL runs as when we are root, whom it refuses. */
export interface RunAs {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['postgres', 'nobody'];

/**
 * Chooses whom PostgreSQL runs as: `undefined` (ourselves) unless we are root.
 *
 * @throws when we are root and the system has no user to run it as.
 */
export async function chooseRunAs(
  ourUid: number | undefined = process.getuid?.(),
  lookUp: (name: string) => Promise<RunAs | undefined> = lookUpUser,
): Promise<RunAs | undefined> {
  if (ourUid !== 0) return undefined;
  for (const name of CANDIDATES) {
    const user = await lookUp(name);
    if (user) return user;
  }
  throw new Error(
    `PostgreSQL refuses to run as root, and there is no user ${CANDIDATES.join(' or ')} to run it as. ` +
      'Run as an ordinary user, or create one: useradd --system postgres',
  );
}

async function lookUpUser(name: string): Promise<RunAs | undefined> {
  const run = promisify(execFile);
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}
