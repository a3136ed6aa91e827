import { open, writeFile } from 'node:fs/promises';
import type { Session } from '../frame/session.ts';
import { UserError } from '../frame/user-error.ts';
import type { LoadOptions } from './command.ts';

export interface Reports {
  readonly text: () => string;
  readonly json: () => string;
}

/**
 * Before a load: a file that can't be written is not found out after it.
 *
 * @throws {UserError}
 */
export async function checkFiles({ json }: Pick<LoadOptions, 'json'>): Promise<void> {
  if (typeof json === 'string')
    await onFile('--json', json, async () => (await open(json, 'a')).close());
}

/** Prints a report in the form that was asked for, and writes the files that were. */
export async function deliver(
  { json }: Pick<LoadOptions, 'json'>,
  session: Session,
  reports: Reports,
): Promise<void> {
  session.print(json === true ? reports.json() : reports.text());
  if (typeof json === 'string') {
    await onFile('--json', json, () => writeFile(json, `${reports.json()}\n`));
    session.progress.note(`written: ${json}`);
  }
}

async function onFile(option: string, file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${option} ${file}: it can’t be written (${code}).`);
  }
}
