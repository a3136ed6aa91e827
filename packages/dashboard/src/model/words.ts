const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** `0.4 ms`, `340 ms`, `2.1 s`, `3 min`, `2 h`. */
export function duration(millis: number): string {
  if (millis < 0.05) return '0 ms';
  if (millis < 9.95) return `${millis.toFixed(1)} ms`;
  if (millis < 999.5) return `${Math.round(millis)} ms`;
  if (millis < 9.95 * SECOND) return `${(millis / SECOND).toFixed(1)} s`;
  if (millis < 99.5 * SECOND) return `${Math.round(millis / SECOND)} s`;
  if (millis < 99.5 * MINUTE) return `${Math.round(millis / MINUTE)} min`;
  if (millis < 48 * HOUR) return `${Math.round(millis / HOUR)} h`;
  return `${Math.round(millis / HOUR / 24)} days`;
}

/** `0`, `0.3`, `42`, `1,234`: as many digits as mean something. */
export function amount(value: number): string {
  if (value === 0) return '0';
  if (value < 0.05) return '<0.1';
  if (value < 9.95) return value.toFixed(1);
  return Math.round(value).toLocaleString('en-US');
}

/** `0 KB`, `512 KB`, `3.4 MB`, `120 GB`. */
export function bytes(value: number): string {
  const units = ['KB', 'MB', 'GB', 'TB'];
  let size = value / 1_024;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1_024;
    unit++;
  }
  return `${size < 9.95 && size > 0 && unit > 0 ? size.toFixed(1) : Math.ceil(size)} ${units[unit]}`;
}

/** A count of things: no fraction. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `<1 %` of what is there, though little. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return '<1 %';
  return `${Math.round(share * 100)} %`;
}

/** `1 caller`, `1,200 callers`. */
export function count(value: number, noun: string): string {
  return `${whole(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `Nobody waits`, `1 caller waits`, `7 callers wait`. */
export function waiting(callers: number): string {
  if (callers === 0) return 'nobody waits';
  return callers === 1 ? '1 caller waits' : `${whole(callers)} callers wait`;
}

/** The time of day; with the date, when it was another day. */
export function moment(at: Date, now: Date): string {
  const isToday = at.toDateString() === now.toDateString();
  return at.toLocaleString('en-GB', {
    ...(isToday ? {} : { day: 'numeric', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
