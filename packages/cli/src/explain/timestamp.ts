/** What stood before a line's own words. */
export interface Prefixed {
  /** Milliseconds since 1970; NaN where it tells the time of day only. */
  readonly time: number | undefined;
  readonly rest: string;
}

const ISO =
  /^[[("']?(\d{4}[-/]\d\d[-/]\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?[\])"']?/;
const APACHE = /^\[(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]/;
const SYSLOG = /^(?:<\d+>)?(\w{3}) +(\d{1,2}) (\d\d:\d\d:\d\d) (?:\S+ )?/;
const EPOCH = /^[[("']?(\d{13}|\d{10}(?:\.\d{1,6})?)[\])"']?(?=[\s:,|-])/;
const NEST = /^\[Nest\] \d+ +- +(\d\d\/\d\d\/\d{4}), (\d\d?:\d\d:\d\d)\s([AP]M)/;
const TIME_OF_DAY = /^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,6})?\]?(?=\s)/;

/** Deeper than a separator or a column is the indentation of a stack. */
const INDENTED = /^ {3,}(?![[(]?[A-Z]{4})\S/;
const SEPARATOR = /^[\s:,|-]*/;

/** What stands before a line's time. */
const SOURCES = [
  // `web-1  | `, `0|api  | `: docker compose and pm2.
  /^[\w.@/-]+(?:\|[\w.@/-]+)? +\| ?/,
  // `[pod/api-7d9f/api] `: kubectl logs --prefix.
  /^\[pod\/[\w./-]+\] ?/,
  // `#9 1.329 `: docker build.
  /^#\d+ \d+\.\d+ ?/,
  // `@shop/web:build: `: turbo.
  /^@?[\w./-]+:(?:build|dev|start|test|serve|db)[\w:.-]*: /,
];
/** `stderr F `: the kubelet's, after its time. */
const KUBELET = /^(?:stdout|stderr) [FP] /;
/** `app[web.1]: `, `api[4711]: `: Heroku and syslog. */
const PROCESS = /^[\w./-]+\[[\w.]+\]: ?/;
/** `app[148e] iad [info] `: Fly. */
const FLY = /^[\w./-]+\[\w+\] [a-z]{3} \[\w+\] ?/;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Takes a line's time and the marks of containers and loggers off.
 *
 * @param now for times without a year: the last one that is not in the future.
 */
export function takePrefix(line: string, now: number): Prefixed {
  const bare = SOURCES.reduce((text, source) => text.replace(source, ''), line);
  const stamped = takeTime(bare, now);
  const rest = stamped.rest.replace(KUBELET, '').replace(PROCESS, '').replace(FLY, '');
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
    if (time !== undefined) return { time, rest: withoutSeparator(line.slice(match[0].length)) };
  }
  return { time: undefined, rest: line };
}

function withoutSeparator(rest: string): string {
  return INDENTED.test(rest) ? rest.slice(1) : rest.replace(SEPARATOR, '');
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
  [NEST, ([, day, clock, half]) => parsed(`${day} ${clock} ${half} UTC`)],
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
