/** The longest time that an option may ask for: what a timer can wait, nearly 25 days. */
export const LONGEST_MILLIS = 2 ** 31 - 1;

/** An option that is a number. */
export interface NumberOption {
  readonly default: number;
  readonly min: number;
  readonly max?: number;
  readonly isWhole?: true;
}

/**
 * Reads the options that are numbers, with their defaults. A wrong one would otherwise show as a guard
 * that never opens, or retries without a pause, months later.
 *
 * @throws RangeError that names the option.
 */
export function readNumbers<Name extends string>(
  options: { readonly [name in NoInfer<Name>]?: number | undefined },
  table: { readonly [name in Name]: NumberOption },
): { readonly [name in Name]: number } {
  const numbers = {} as { [name in Name]: number };
  for (const name of Object.keys(table) as Name[]) {
    numbers[name] = readNumber(name, options[name], table[name]);
  }
  return numbers;
}

function readNumber(name: string, given: unknown, option: NumberOption): number {
  const { min, max = Infinity, isWhole } = option;
  const value = given ?? option.default;
  const isFine =
    typeof value === 'number' &&
    value >= min &&
    value <= max &&
    (!isWhole || value === Infinity || Number.isInteger(value));
  if (isFine) return value;
  const bounds = max === Infinity ? `at least ${min}` : `between ${min} and ${max}`;
  const what = isWhole ? 'a whole number' : 'a number';
  throw new RangeError(`${name} must be ${what}, ${bounds}; it is ${String(value)}`);
}
