/** `340 ms`, `2.1 s`, `3 min`. */
export function duration(millis: number): string {
  if (millis < 10) return `${millis.toFixed(1)} ms`;
  if (Math.round(millis) < 1_000) return `${Math.round(millis)} ms`;
  if (millis < 120_000) return `${(millis / 1_000).toFixed(1)} s`;
  return `${Math.round(millis / 60_000)} min`;
}

/** `16 a second`, `2.5 a minute`: two digits where it is rare. */
export function frequency(perSecond: number): string {
  if (perSecond >= 1) return `${Math.round(perSecond)} a second`;
  return `${Number((perSecond * 60).toPrecision(2))} a minute`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `1 connection`, `17,271 connections`. */
export function count(amount: number, noun: string): string {
  return `${amount.toLocaleString('en-US')} ${noun}${amount === 1 ? '' : 's'}`;
}

export function times(count: number): string {
  return count === 1 ? 'once' : `${count.toLocaleString('en-US')} times`;
}

/** `512 B`, `3.1 kB`, `8.0 MB`. */
export function bytes(amount: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let rest = amount;
  let unit = 0;
  while (rest >= 1_000 && unit < units.length - 1) {
    rest /= 1_024;
    unit++;
  }
  return `${unit === 0 ? rest : rest.toFixed(1)} ${units[unit]}`;
}
