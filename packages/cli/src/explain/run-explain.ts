import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { EXIT, type ExitCode } from '../frame/exit-codes.ts';
import type { Session } from '../frame/session.ts';
import { UserError } from '../frame/user-error.ts';
import { plural } from '../terminal/words.ts';
import type { ExplainOptions } from './command.ts';
import { readEntries } from './entries.ts';
import { type ReportOptions, renderLog, renderOne, toJson, unrecognisedOf } from './report.ts';
import { Tally } from './tally.ts';

/** How often the progress is told anew. */
const ENTRIES_PER_STEP = 20_000;
/** A text of that size may be one error that a mail or a chat has broken into lines. */
const WHOLE_TEXT_LETTERS = 20_000;

export async function runExplain(
  words: readonly string[],
  options: ExplainOptions,
  session: Session,
): Promise<ExitCode> {
  const tally =
    words.length > 0 ? explainText(words.join(' ')) : await explainLog(options, session);
  const reporting = { ...session, all: options.all };
  session.print(options.json ? toJson(tally) : inWords(tally, reporting));
  return EXIT.ok;
}

/** Who gives one error asks about a database's; a log holds others' too. */
function explainText(text: string, isOneError = true): Tally {
  const tally = new Tally();
  tally.add({ text, time: undefined }, { fromDatabase: isOneError });
  return tally;
}

async function explainLog({ file }: ExplainOptions, session: Session): Promise<Tally> {
  const input = file === undefined ? standardInput() : await openFile(file);
  session.cleanups.add(() => input.destroy());
  const kept: string[] = [];
  let letters = 0;
  async function* lines() {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      letters += line.length + 1;
      if (letters <= WHOLE_TEXT_LETTERS) kept.push(line);
      yield line;
    }
  }
  const tally = new Tally();
  for await (const entry of readEntries(lines(), Date.now())) {
    tally.add(entry);
    if (tally.entries % ENTRIES_PER_STEP === 0) {
      session.progress.show(`reading: ${plural(tally.entries, 'entry', 'entries')}`);
    }
  }
  if (tally.recognised > 0 || letters > WHOLE_TEXT_LETTERS) return tally;
  const whole = explainText(kept.join(' '), tally.entries === 1);
  return whole.recognised > 0 ? whole : tally;
}

function standardInput(): Readable {
  if (!process.stdin.isTTY) return process.stdin;
  throw new UserError(
    'nothing to explain: give an error’s text, --file app.log, or a log on standard input (lifeguard explain < app.log).',
  );
}

async function openFile(file: string): Promise<Readable> {
  try {
    const handle = await open(file);
    if ((await handle.stat()).isDirectory()) {
      await handle.close();
      throw Object.assign(new Error(), { code: 'EISDIR' });
    }
    return handle.createReadStream();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : `it can’t be read (${code})`;
    throw new UserError(`--file ${file}: ${why}.`);
  }
}

function inWords(tally: Tally, options: ReportOptions): string {
  if (tally.recognised === 0) return nothingKnown(tally);
  return tally.entries === 1 ? renderOne(tally, options) : renderLog(tally, options);
}

function nothingKnown(tally: Tally): string {
  if (tally.entries === 0) return 'Nothing was read: the text is empty.';
  if (tally.entries === 1) {
    return 'This is no error of a database, a pool or a pooler that is known here. Give the whole of it: class, code and message.';
  }
  const rest = unrecognisedOf(tally) ?? 'No errors at all.';
  return `${plural(tally.entries, 'entry', 'entries')} read: no error of a database, a pool or a pooler that is known here. ${rest}`;
}
