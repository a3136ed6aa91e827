import { cut, duration, plural } from '../../terminal/words.ts';
import type { IndexFact, SessionFact } from '../server/facts.ts';
import { quotePath } from '../sql/names.ts';

/** Longer lists are no evidence any more. */
export const MOST_SHOWN = 5;
const STATEMENT_LENGTH = 100;

/** The first few, and how many there are besides. */
export function firstOf<T>(
  items: readonly T[],
  tell: (item: T) => string,
  what = 'more',
  most = MOST_SHOWN,
): string[] {
  const lines = items.slice(0, most).map(tell);
  return items.length > most ? [...lines, `and ${items.length - most} ${what}`] : lines;
}

/** `pid 4711, web (user app)`. */
export function whoIs({ pid, application, user }: SessionFact): string {
  const name = application || 'without application_name';
  return `pid ${pid}, ${name}${user === null ? '' : ` (user ${user})`}`;
}

/** What it runs or ran last, short. */
export function statementOf({ statement }: SessionFact): string {
  return statement === null ? '' : `: ${cut(statement, STATEMENT_LENGTH)}`;
}

export function forHowLong(seconds: number | null): string {
  return seconds === null ? 'for an unknown time' : duration(seconds);
}

export function connections(count: number): string {
  return plural(count, 'connection');
}

/** An index of a partitioned table can't be dropped concurrently. */
export function dropIndex({ name, isPartitioned }: IndexFact): string {
  return isPartitioned
    ? `DROP INDEX ${quotePath(name)}; -- locks its table for a moment`
    : `DROP INDEX CONCURRENTLY ${quotePath(name)};`;
}
