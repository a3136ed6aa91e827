/** What stood before a line's own words. */
export interface Prefixed {
  /** Milliseconds since 1970; NaN where it tells the time of day only. */
  readonly time: number | undefined;
  readonly rest: string;
}

const ISO =
  /^[[("']?(\d{4}[-/]\d\d[-/]\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?[\])"']?[\s:,|-]*/;
const APACHE = /^\[(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]\s*/;
const SYSLOG = /^(?:<\d+>)?(\w{3}) +(\d{1,2}) (\d\d:\d\d:\d\d) (?:\S+ )?/;
const EPOCH = /^[[("']?(\d{13}|\d{10}(?:\.\d{1,6})?)[\])"']?[\s:,|-]+/;
const TIME_OF_DAY = /^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,6})?\]?\s+/;

/** `web-1  | `, `0|api  | `: docker compose and pm2. */
const CONTAINER = /^[\w.@/-]+(?:\|[\w.@/-]+)? +\| ?/;
/** `stderr F `: the kubelet's, after its time. */
const KUBELET = /^(?:stdout|stderr) [FP] /;
/** `app[web.1]: `, `api[4711]: `: Heroku and syslog. */
const PROCESS = /^[\w./-]+\[[\w.]+\]: ?/;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Takes a line's time and the marks of containers and loggers off.
 *
 * @param now for times without a year: the last one that is not in the future.
 */
export function takePrefix(line: string, now: number): Prefixed {
  const bare = line.replace(CONTAINER, '');
  const stamped = takeTime(bare, now);
  const rest = stamped.rest.replace(KUBELET, '').replace(PROCESS, '');
  if (stamped.time === undefined) return { time: undefined, rest };
  // A container's time before the application's own: the first is when it was written.
  const inner = takeTime(rest, now);
  const time = Number.isNaN(stamped.time) ? inner.time : stamped.time;
  return { time: time ?? stamped.time, rest: inner.rest };
}

function takeTime(line: string, now: number): Prefixed {
  for (const [pattern, read] of READERS) {
    const match = pattern.exec(line);
    if (!match) continue;
    const time = read(match, now);
    if (time !== undefined) return { time, rest: line.slice(match[0].length) };
  }
  return { time: undefined, rest: line };
}

type Read = (match: RegExpExecArray, now: number) => number | undefined;

const READERS: readonly (readonly [RegExp, Read])[] = [
  [ISO, ([, day = '', clock, fraction = '0', zone = 'Z']) => iso(day, clock, fraction, zone)],
  [
    APACHE,
    ([, day, month, year, clock, zone]) => parsed(`${day} ${month} ${year} ${clock} ${zone}`),
  ],
  [SYSLOG, ([, month = '', day, clock], now) => withoutYear(month, Number(day), clock ?? '', now)],
  [EPOCH, ([, digits = '']) => epoch(digits)],
  [TIME_OF_DAY, () => Number.NaN],
];

function iso(day: string, clock: string | undefined, fraction: string, zone: string) {
  const offset = /^(Z|UTC|GMT)$/.test(zone) ? 'Z' : zone.replace(/^(...)(\d\d)$/, '$1:$2');
  return parsed(
    `${day.replaceAll('/', '-')}T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`,
  );
}

function withoutYear(month: string, day: number, clock: string, now: number): number | undefined {
  const index = MONTHS.indexOf(month.toLowerCase());
  if (index < 0) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  const year = new Date(now).getUTCFullYear();
  const ofYear = (which: number) => Date.UTC(which, index, day, hours, minutes, seconds);
  // A day ahead is another time zone, a month ahead is last year.
  return ofYear(year) > now + 86_400_000 ? ofYear(year - 1) : ofYear(year);
}

function epoch(digits: string): number {
  return digits.length === 13 ? Number(digits) : Number(digits) * 1_000;
}

function parsed(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
