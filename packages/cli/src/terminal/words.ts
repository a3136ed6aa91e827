import { stripVTControlCharacters } from 'node:util';

/** `12 ms`, `3.4 s`. */
export function millis(value: number): string {
  if (value < 10) return `${value.toFixed(1)} ms`;
  if (Math.round(value) < 1_000) return `${Math.round(value)} ms`;
  return `${(value / 1_000).toFixed(1)} s`;
}

/** `5.4 ×`: how one figure compares with another. */
export function ratio(a: number, b: number): string {
  if (b === 0) return a === 0 ? 'as many' : 'from nothing';
  const factor = a / b;
  return `${factor >= 10 ? Math.round(factor) : factor.toFixed(1)} ×`;
}

export function share(part: number, whole: number): string {
  if (whole === 0 || part === 0) return 'none';
  const percent = (100 * part) / whole;
  if (percent < 1) return 'less than 1 %';
  if (percent > 99 && part < whole) return 'more than 99 %';
  return `${Math.round(percent)} %`;
}

/** As the beginning of a sentence. */
export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** As what stands within a sentence. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A message of several lines as one. */
export function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}

/** A blank, but for the gap between the thousands of a number. */
const BETWEEN_WORDS = /(?<!\d) | (?!\d{3}(?!\d))/;

/**
 * Breaks a text into lines of at most `width` columns.
 *
 * @param indent before every line; part of the width.
 * @param hanging before every line but the first, where that is another.
 */
export function wrap(text: string, width: number, indent = '', hanging = indent): string {
  const lines: string[] = [];
  let line = '';
  const room = () => width - (lines.length === 0 ? indent : hanging).length;
  const end = () => lines.push((lines.length === 0 ? indent : hanging) + line);
  for (const word of text.replace(/\s+/g, ' ').split(BETWEEN_WORDS)) {
    if (line && textWidth(line) + 1 + textWidth(word) > room()) {
      end();
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  if (line) end();
  return lines.join('\n');
}

/** Parts that stay whole, two blanks between them. */
export function wrapParts(parts: readonly string[], width: number): string {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = `${last}  ${part}`;
    if (last !== undefined && textWidth(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines.join('\n');
}

/** The text within a width, cut in its middle where the ends tell most (`'middle'`), else at its end. */
export function cut(text: string, width: number, where: 'end' | 'middle' = 'end'): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  if (where === 'end') return `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
  const head = Math.ceil((width - 1) / 2);
  return `${letters.slice(0, head).join('')}…${letters.slice(letters.length - (width - 1 - head)).join('')}`;
}

/** Columns that a text takes on a terminal, colours aside; all that we print is one column a letter. */
export function textWidth(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** `1 connection`, `3 connections`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** `12 345`: thousands apart by a thin gap that no locale takes for a decimal sign. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** `8 KB`, `1.2 GB`; units of 1024, as PostgreSQL's. */
export function bytes(value: number): string {
  let unit = 0;
  let size = value;
  while (size >= 1024 && unit < BYTE_UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  const digits = unit > 0 && size < 10 ? 1 : 0;
  return `${size.toFixed(digits)} ${BYTE_UNITS[unit]}`;
}

/** `45 s`, `12 min`, `3 h`, `8 days`: how long something lasts, to one figure that matters. */
export function duration(seconds: number): string {
  if (seconds < 10) return millis(seconds * 1_000);
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
