import type { Figure } from '../cases/case.ts';

const SIGNIFICANT_DIGITS = 3;

/** Three digits tell all that a measurement knows: `12 300 /s`, `0.0845 ms`. */
export function quantity(value: number, unit: Figure['unit']): string {
  return unit === '' ? number(value) : `${number(value)} ${unit}`;
}

export function times(ratio: number): string {
  return `${number(ratio)}×`;
}

export function number(value: number): string {
  const rounded = Number(value.toPrecision(SIGNIFICANT_DIGITS));
  const [whole = '', fraction] = plain(rounded).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ' ');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Without an exponent. */
function plain(value: number): string {
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 6 });
}
