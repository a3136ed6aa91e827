import type { PageChart } from './page-data.ts';

export function valueWords(value: number, unit: PageChart['unit']): string {
  if (unit === 'millis') return millisWords(value);
  const text =
    value >= 10 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
  const grouped = text.replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
  return unit === 'perSecond' ? `${grouped}/s` : grouped;
}

function millisWords(value: number): string {
  if (value >= 1_000) return `${round(value / 1_000)} s`;
  return value >= 1 || value === 0 ? `${round(value)} ms` : `${Math.round(value * 1_000)} µs`;
}

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}

/** `90 s`, `5 min`, where labels stand. */
export function secondsWords(seconds: number): string {
  return seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} min` : `${round(seconds)} s`;
}

/** `99.9 %` of 1000. */
export function percentileWords(odds: number): string {
  const percent = 100 - 100 / odds;
  const digits = Math.max(0, Math.ceil(Math.log10(odds)) - 2);
  return `${percent.toFixed(digits)} %`;
}

export function momentWords(at: number, x: PageChart['x']): string {
  return x === 'seconds' ? `at ${Math.floor(at)} s` : `${percentileWords(at)} are no slower`;
}
