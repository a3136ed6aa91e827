import { stripVTControlCharacters } from 'node:util';
import { CsvRow, startsCsvRow } from './csv-row.ts';
import type { Entry } from './entry.ts';
import { readJsonLine } from './json-line.ts';
import { takePrefix } from './timestamp.ts';

/** What an error with its stack and its causes needs; a log of another kind must not fill memory. */
const MOST_LINES = 200;
const MOST_LETTERS = 20_000;
const LONGEST_LINE = 8_000;

/** Frames, properties, causes, code frames: never the beginning of something new. */
const GOES_ON =
  /^(?:\s|at |caused by\b|\[cause\]|\.\.\. \d+ more|[}\])]|→|\d+ [|│]|-->|\||\(?details?:|hint:|please make sure )/i;
/** PostgreSQL gives each of an error's fields the time and process again. */
const FIELD_OF_SERVER = /^.{0,200}?(?:DETAIL|HINT|CONTEXT|STATEMENT|QUERY|LOCATION): {1,2}\S/;
/** The message of such a line stands below it. */
const PROMISES_MORE =
  /(?:Error|Exception|FATAL|ERROR|invocation):\s*$|invocation in(?: \S{1,300})?\s*$|Retrying \(\d+\)\.\.\.$/;
/** Between Prisma's `Invalid … invocation` and its message: the file, the source, blank lines. */
const PRISMA_FRAME = /^(?:$|\s|→|\d+ |\/|[A-Z]:\\|file:\/\/|webpack|\.{1,2}\/)/;

/** Joins the lines of a log to entries: an error with its stack is one. Reads as it goes, and keeps one entry. */
export async function* readEntries(
  lines: AsyncIterable<string>,
  now: number,
): AsyncGenerator<Entry> {
  let open: OpenEntry | CsvRow | undefined;
  for await (const raw of lines) {
    const line = stripVTControlCharacters(raw.slice(0, LONGEST_LINE)).replace(/\r$/, '');
    if (startsCsvRow(line)) {
      if (open) yield open.entry();
      open = new CsvRow(line);
      continue;
    }
    if (open instanceof CsvRow && open.isUnfinished) {
      open.add(line);
      continue;
    }
    const { time, rest } = takePrefix(line, now);
    const json = readJsonLine(rest.trim());
    if (json) {
      if (open) yield open.entry();
      open = undefined;
      yield { ...json, time: json.time ?? time };
    } else if (open?.takes(rest)) {
      open.add(rest);
    } else {
      if (open) yield open.entry();
      open = rest.trim() === '' ? undefined : new OpenEntry(rest, time);
    }
  }
  if (open) yield open.entry();
}

class OpenEntry {
  readonly #time: number | undefined;
  readonly #lines: string[] = [];
  #letters = 0;
  #awaitsMessage = false;

  constructor(first: string, time: number | undefined) {
    this.#time = time;
    this.add(first);
  }

  /** Whether a line is more of this entry. */
  takes(line: string): boolean {
    return (
      this.#awaitsMessage || line.trim() === '' || GOES_ON.test(line) || FIELD_OF_SERVER.test(line)
    );
  }

  add(line: string): void {
    this.#awaitsMessage =
      PROMISES_MORE.test(line) || (this.#awaitsMessage && PRISMA_FRAME.test(line));
    if (this.#lines.length >= MOST_LINES || this.#letters >= MOST_LETTERS) return;
    this.#lines.push(line);
    this.#letters += line.length;
  }

  entry(): Entry {
    const text = this.#lines.join('\n').trimEnd();
    const time = Number.isNaN(this.#time) ? undefined : this.#time;
    const json = this.#lines[0] === '{' ? readJsonLine(text) : undefined;
    return json ? { ...json, time: json.time ?? time } : { text, time };
  }
}
