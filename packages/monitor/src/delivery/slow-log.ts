import type { SlowOperation } from '@lifeguard/pool';
import { duration } from '../incidents/words.ts';
import type { LogLine } from './logger.ts';

/** A slow operation that is told, for others like it as well. */
export interface SlowRecord extends SlowOperation {
  readonly pool: string;
  /** How many like it there were since it was told last. */
  readonly alike: number;
}

/** The same operation from the same place is told once in so long. */
const REPEAT_MILLIS = 60_000;
/** In all, at most so many in that time: when everything is slow, a few say so. */
const MOST_TOLD = 20;
/** Operations come from code, and are few. */
const MOST_REMEMBERED = 500;

interface Told {
  at: number;
  alike: number;
}

/** Decides which slow operations are told, so that a bad hour does not fill the log. */
export class SlowLog {
  readonly #told = new Map<string, Told>();
  #recent: number[] = [];

  /** The record to tell; undefined: it is counted with the next one that is told. */
  notice(pool: string, operation: SlowOperation, now: number): SlowRecord | undefined {
    const { owner, site, statement } = operation;
    const told = this.#of(JSON.stringify([pool, owner, site, statement]));
    if (now - told.at < REPEAT_MILLIS || !this.#hasRoom(now)) {
      told.alike++;
      return undefined;
    }
    const record = { pool, ...operation, alike: told.alike };
    told.at = now;
    told.alike = 0;
    return record;
  }

  #of(key: string): Told {
    const told = this.#told.get(key) ?? { at: Number.NEGATIVE_INFINITY, alike: 0 };
    // The one seen longest ago is forgotten first.
    this.#told.delete(key);
    this.#told.set(key, told);
    const [oldest] = this.#told.keys();
    if (this.#told.size > MOST_REMEMBERED && oldest !== undefined) this.#told.delete(oldest);
    return told;
  }

  #hasRoom(now: number): boolean {
    this.#recent = this.#recent.filter((at) => now - at < REPEAT_MILLIS);
    return this.#recent.length < MOST_TOLD && this.#recent.push(now) > 0;
  }
}

/** `Product.findMany took 1.4 s: 1.1 s until it had a connection, 240 ms at the server`. */
export function slowLine(record: SlowRecord): LogLine {
  const { owner, site, route, statement, millis, waitMillis, serverMillis } = record;
  const { attempts, hasFailed, alike } = record;
  const text = [
    `${owner ?? 'a statement'} ${hasFailed ? 'failed after' : 'took'} ${duration(millis)}: `,
    `${duration(waitMillis)} until it had a connection, ${duration(serverMillis)} at the server`,
    ...(attempts > 1 ? [`, ${attempts} attempts`] : []),
    ...(route ? [`; in ${route}`] : []),
    ...(site ? [`, at ${site}`] : []),
    ...(statement ? [`: ${statement}`] : []),
    ...(alike > 0 ? [`; ${alike} more like it since it was told last`] : []),
  ].join('');
  return { level: 'warn', text, details: { slow: record } };
}
