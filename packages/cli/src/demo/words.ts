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

/** A message of several lines as one. */
export function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}

/** Breaks a text into lines of at most `width` characters. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  if (line) lines.push(indent + line);
  return lines.join('\n');
}
