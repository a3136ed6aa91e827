import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { RunAs } from './run-as.ts';

/**
 * The folder for temporary files that the user can get to: the system's, or `/tmp` where root's own
 * one is closed to others.
 *
 * @throws when there is none.
 */
export async function findTempFolder(
  runAs: RunAs | undefined,
  candidates: string[] = [tmpdir(), '/tmp', '/var/tmp'],
): Promise<string> {
  if (!runAs) return candidates[0] ?? tmpdir();
  for (const folder of candidates) {
    if (await canReach(folder, runAs)) return folder;
  }
  throw new Error(
    `The user ${runAs.name}, which PostgreSQL runs as, can't get to any of ${candidates.join(', ')}. ` +
      'Set TMPDIR to a folder that all users can enter.',
  );
}

async function canReach(folder: string, { uid, gid }: RunAs): Promise<boolean> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const info = await stat(path).catch(() => undefined);
    if (!info) return false;
    const shift = info.uid === uid ? 6 : info.gid === gid ? 3 : 0;
    if (((info.mode >> shift) & 1) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
