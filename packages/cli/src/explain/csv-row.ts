import type { Entry } from './entry.ts';

/** A statement in a row may be long; a quote that never closes must not fill memory. */
const MOST_LETTERS = 20_000;

/** `2026-11-27 10:00:00.123 UTC,"user","db",4711,`: PostgreSQL's log_destination = csvlog. */
const START =
  /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3}) ([A-Z]{1,5}|[+-]\d\d),(?:"[^"]*")?,(?:"[^"]*")?,\d*,/;
const CELL = /"((?:[^"]|"")*)"|([^,"]*)/y;

/** Where the columns stand, from 0, in every version of the server. */
const SEVERITY = 11;
const SQLSTATE = 12;
const MESSAGE = 13;
const DETAIL = 14;
const HINT = 15;

export function startsCsvRow(line: string): boolean {
  return START.test(line);
}

/** A row of the server's CSV log: its quoted cells go over lines. */
export class CsvRow {
  #text: string;

  constructor(line: string) {
    this.#text = line;
  }

  /** Whether a quote is still open. */
  get isUnfinished(): boolean {
    return this.#text.split('"').length % 2 === 0 && this.#text.length < MOST_LETTERS;
  }

  takes(): boolean {
    return false;
  }

  add(line: string): void {
    this.#text += `\n${line}`;
  }

  entry(): Entry {
    const cells = cellsOf(this.#text);
    const message = cells[MESSAGE] ?? '';
    const text = [
      `${cells[SEVERITY]}:  ${message}`,
      cells[DETAIL] && `DETAIL:  ${cells[DETAIL]}`,
      cells[HINT] && `HINT:  ${cells[HINT]}`,
    ];
    return {
      text: text.filter(Boolean).join('\n'),
      time: timeOf(this.#text),
      structured: { severity: cells[SEVERITY], code: cells[SQLSTATE], message },
    };
  }
}

function cellsOf(row: string): string[] {
  const cells: string[] = [];
  CELL.lastIndex = 0;
  for (let cell = CELL.exec(row); cell; cell = CELL.exec(row)) {
    cells.push(cell[1]?.replaceAll('""', '"') ?? cell[2] ?? '');
    if (row[CELL.lastIndex] !== ',') break;
    CELL.lastIndex += 1;
  }
  return cells;
}

/** Other zones' names tell no offset: then the first guess of a reader of times, UTC, holds. */
function timeOf(row: string): number | undefined {
  const [, day, clock, zone = ''] = START.exec(row) ?? [];
  const time = Date.parse(`${day}T${clock}${/^[+-]/.test(zone) ? `${zone}:00` : 'Z'}`);
  return Number.isNaN(time) ? undefined : time;
}
