/** Milliseconds, or a number with its unit: `'250ms'`, `'60s'`, `'5m'`, `'1h'`, `'2d'`. */
export type Duration = number | string;

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * A duration in milliseconds.
 *
 * @param name the option it was given for.
 * @throws RangeError that names the option, when it is negative, not a number or has no unit we know.
 */
export function toMillis(duration: Duration, name: string): number {
  const millis = typeof duration === 'string' ? parse(duration) : duration;
  if (typeof millis === 'number' && millis >= 0) return millis;
  throw new RangeError(
    `${name} must be milliseconds or a text such as '250ms', '60s', '5m', '1h'; it is ${JSON.stringify(duration)}`,
  );
}

function parse(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  return Number(number || Number.NaN) * (UNITS[unit] ?? Number.NaN);
}
