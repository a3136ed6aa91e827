import { readable } from './statement-groups.ts';
import { moment } from './words.ts';

export interface EvidencePart {
  readonly text: string;
  /** A place in the code, a call, a statement. */
  readonly isCode: boolean;
}

/** All that follows is code. */
const CALL = /^(the call: )(.*)$/s;
const STATEMENT =
  /^(.*?(?:: | on ))((?:SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES|TABLE|COPY|LOCK|ALTER|CREATE|DROP|CALL|REFRESH|VACUUM|ANALYZE) .*)$/s;
const PLACE = /((?:[\w$.<>]+ \()?[^\s()]+\.[cm]?[jt]sx?:\d+(?::\d+)?\)?)/;
const MOMENT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** A line of evidence: places, calls and statements as code, moments by the reader's clock. `now`: of the snapshot. */
export function evidenceParts(line: string, now: Date): EvidencePart[] {
  const [, introduction, code] = CALL.exec(line) ?? STATEMENT.exec(line) ?? [];
  if (introduction !== undefined && code !== undefined) {
    return [
      { text: introduction, isCode: false },
      { text: readable(code), isCode: true },
    ];
  }
  return line
    .replace(MOMENT, (iso) => moment(new Date(iso), now))
    .split(PLACE)
    .map((text, i) => ({ text, isCode: i % 2 === 1 }))
    .filter(({ text }) => text !== '');
}
