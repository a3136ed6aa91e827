import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../../frame/user-error.ts';

export interface WrittenFiles {
  readonly ini: string;
  readonly userlist: string;
}

/** Where they will be. */
export function filesIn(folder: string): WrittenFiles {
  const at = resolve(folder);
  return { ini: join(at, 'pgbouncer.ini'), userlist: join(at, 'userlist.txt') };
}

/** @throws {UserError} when there is one already. */
export function refuseToOverwrite({ ini, userlist }: WrittenFiles): void {
  const [there] = [ini, userlist].filter((file) => existsSync(file));
  if (there !== undefined) {
    throw new UserError(`${there} is there already: --force overwrites it, --dir writes elsewhere`);
  }
}

/** Both, or an error that says which could not be written; the userlist is nobody else's to read (0600). */
export function writeFiles(
  files: WrittenFiles,
  { ini, userlist }: { readonly ini: string; readonly userlist: string },
): void {
  try {
    makeFolder(dirname(files.ini));
    write(files.userlist, userlist, 0o600);
    write(files.ini, ini, 0o640);
  } catch (error) {
    const { path, message } = error as NodeJS.ErrnoException;
    throw new UserError(`${path ?? files.ini} can’t be written (${message})`);
  }
}

/** Not by Node's `recursive`, which never returns where nothing can be made although it is there (`/proc`). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** In one step: what is read meanwhile is the old file or the new one, and never for more eyes than meant. */
function write(file: string, text: string, mode: number): void {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, text, { mode, flag: 'wx' });
  renameSync(draft, file);
}

/** `"user" "secret"`, a line for each. */
export function userlist(
  users: readonly { readonly user: string; readonly secret: string }[],
): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return users.map(({ user, secret }) => `${quoted(user)} ${quoted(secret)}\n`).join('');
}
