import { access, constants, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Session } from '../frame/session.ts';
import { UserError } from '../frame/user-error.ts';
import type { LoadOptions } from './command.ts';

export interface Reports {
  readonly text: () => string;
  readonly json: () => string;
  /** Loads what it needs. */
  readonly html: () => Promise<string>;
}

type Files = Pick<LoadOptions, 'json' | 'html'>;

/**
 * Before a load: a file that can't be written is not found out after it.
 *
 * @throws {UserError}
 */
export async function checkFiles({ json, html }: Files): Promise<void> {
  if (typeof json === 'string') await onFile('--json', json, () => checkWritable(json));
  if (html !== undefined) await onFile('--html', html, () => checkWritable(html));
}

/** Prints a report in the form that was asked for, and writes the files that were. */
export async function deliver(
  { json, html }: Files,
  session: Session,
  reports: Reports,
): Promise<void> {
  session.print(json === true ? reports.json() : reports.text());
  if (typeof json === 'string') {
    await onFile('--json', json, () => writeFile(json, `${reports.json()}\n`));
  }
  if (html !== undefined) {
    const page = await reports.html();
    await onFile('--html', html, () => writeFile(html, page));
    if (json !== true) session.print(`\nThe report with charts: ${html}`);
  }
}

/** Makes no file yet: what comes before the load may still be refused. */
async function checkWritable(file: string): Promise<void> {
  try {
    await access(file, constants.W_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await access(dirname(file), constants.W_OK);
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
