/** What a reader made of a raw value; no `value` means: treat it as not given. */
export interface Reading<T> {
  value?: T;
  /** Why the value, though accepted, is probably not meant so. */
  warning?: string;
}

/** Reads one raw value (text from a URL or the environment, anything from code) or throws Unreadable. */
export type Reader<T> = (raw: unknown, name: string) => Reading<T>;

/** A value that cannot be used: what is wrong with it and, if known, what was probably meant. */
export class Unreadable extends Error {
  readonly remedy: string | undefined;

  constructor(reason: string, remedy?: string) {
    super(reason);
    this.remedy = remedy;
  }
}

/** Node takes anything longer for 1 ms: the longest limit would become none. */
export const LONGEST_TIMER_MILLIS = 2_147_483_647;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function toNumber(raw: unknown, what: string): number {
  if (typeof raw === 'number' && !Number.isNaN(raw)) return raw;
  if (typeof raw === 'string') {
    const text = raw.trim();
    if (DECIMAL.test(text)) return Number(text);
    if (/^\+?infinity$/i.test(text)) return Number.POSITIVE_INFINITY;
  }
  throw new Unreadable(`is not ${what}`);
}

/** What pg-pool does with a 0, for which it has no use of its own. */
export type ZeroMeans = 'zero' | 'not given' | 'infinity';

/** Reads a whole number, e.g. of connections. */
export function count(rule: {
  atLeast: number;
  atMost?: number;
  zero?: ZeroMeans;
  infinity?: boolean;
}): Reader<number> {
  return (raw, name) => {
    const value = toNumber(raw, 'a whole number');
    if (value === 0 && rule.zero === 'infinity') return { value: Number.POSITIVE_INFINITY };
    if (value === 0 && rule.zero === 'not given') {
      return { warning: `${name}: 0 counts as not given, as in pg-pool; leave it out` };
    }
    if (value < 0) throw new Unreadable('is negative');
    if (value === Number.POSITIVE_INFINITY && rule.infinity) return { value };
    if (!Number.isInteger(value)) throw new Unreadable('is not a whole number');
    if (value < rule.atLeast) throw new Unreadable(`is less than ${rule.atLeast}`);
    if (rule.atMost !== undefined && value > rule.atMost) {
      throw new Unreadable(`is more than ${rule.atMost}`);
    }
    return { value };
  };
}

/** "8 h 20 min" for 30 000 s: a unit mistake is plain when the time is read aloud. */
export function spokenSeconds(seconds: number): string {
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ];
  const parts: string[] = [];
  let rest = Math.round(seconds);
  for (const [unit, size] of units) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) parts.push(`${amount} ${unit}`);
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}

export interface DurationRule {
  /** Unit of the raw value. */
  unit: 'ms' | 's';
  /** Unit of the result; default 'ms'. */
  result?: 'ms' | 's';
  /** In the raw unit: more than this is accepted with a warning that names the unit. */
  doubtfulAbove?: number;
  /** In the raw unit: more than this is taken for the wrong unit and refused. */
  wrongAbove?: number;
  /** In the raw unit: a smaller value, unless 0, is accepted with a warning that names the unit. */
  doubtfulBelow?: number;
  /** What 0 does, when that is worth a warning. */
  zero?: string;
}

const UNIT_WORD = { ms: 'milliseconds', s: 'seconds' };

/** Reads a duration; 0 is "no limit" or "off", never a very short one. */
export function duration(rule: DurationRule): Reader<number> {
  const millisPerUnit = rule.unit === 's' ? 1000 : 1;
  return (raw, name) => {
    const value = toNumber(raw, `a number of ${UNIT_WORD[rule.unit]}`);
    if (value < 0) throw new Unreadable('is negative');
    const { wrongAbove = Number.POSITIVE_INFINITY, doubtfulAbove = wrongAbove } = rule;
    const spoken = () => spokenSeconds((value * millisPerUnit) / 1000);
    if (value > wrongAbove && Number.isFinite(value)) {
      const reason = `is in ${UNIT_WORD[rule.unit]} (${spoken()})`;
      throw new Unreadable(reason, `did you mean ${name}=${value / 1000}?`);
    }
    if (value * millisPerUnit > LONGEST_TIMER_MILLIS) {
      const longest = Math.floor(LONGEST_TIMER_MILLIS / millisPerUnit);
      throw new Unreadable(`is more than ${longest}, the longest timer`, 'use 0 for no limit');
    }
    // A limit that rounds to 0 would be no limit at all.
    const millis = value === 0 ? 0 : Math.max(1, Math.round(value * millisPerUnit));
    const reading: Reading<number> = { value: rule.result === 's' ? millis / 1000 : millis };
    if (value === 0 && rule.zero) reading.warning = `${name}=0 ${rule.zero}`;
    else if (value > doubtfulAbove) {
      reading.warning = `${name}=${value} is in seconds (${spoken()}); give fewer if milliseconds were meant`;
    } else if (value > 0 && value < (rule.doubtfulBelow ?? 0)) {
      reading.warning = `${name}=${value} is in milliseconds; give ${name}=${value * 1000} if seconds were meant`;
    }
    return reading;
  };
}

/** Reads a yes or no: true/false, 1/0, on/off. */
export const flag: Reader<boolean> = (raw) => {
  if (typeof raw === 'boolean') return { value: raw };
  const text = String(raw).trim().toLowerCase();
  if (['true', '1', 'on'].includes(text)) return { value: true };
  if (['false', '0', 'off'].includes(text)) return { value: false };
  throw new Unreadable('is not true or false');
};

/** Reads a text as it is. */
export const text: Reader<string> = (raw) => {
  if (typeof raw !== 'string') throw new Unreadable('is not a string');
  return { value: raw };
};

/** Reads one of some words. */
export function choice<T extends string>(...words: T[]): Reader<T> {
  return (raw) => {
    const value = words.find((word) => word === raw);
    if (value === undefined) throw new Unreadable(`is not one of ${words.join(', ')}`);
    return { value };
  };
}
