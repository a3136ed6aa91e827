import { OptionsError } from './errors.ts';
import { Unreadable } from './numbers.ts';
import type { OptionRow, Spelling } from './table.ts';
import type { OptionWarning, Origin } from './types.ts';

/** One place where a value may stand. */
export interface Place {
  from: Origin['from'];
  /** As messages say it: "in DATABASE_URL". */
  label: string;
  get(name: string): unknown;
}

export interface Places {
  code: Place;
  environment: Place;
  url: Place;
}

export interface Choice<T> {
  value: T;
  origin: Origin;
}

interface Candidate<T> extends Choice<T> {
  label: string;
}

// Longer or stranger values are not repeated: they may be a secret in the wrong place.
const REPEATABLE = /^[\w.+:-]{1,40}$/;

/** "connection_limit=abc in DATABASE_URL", or without the value when that may be a secret. */
export function describeGiven(name: string, raw: unknown, place: Place): string {
  const shown = typeof raw === 'object' || typeof raw === 'function' ? typeof raw : String(raw);
  if (shown === '') return `${name} ${place.label} is empty, which`;
  return REPEATABLE.test(shown) ? `${name}=${shown} ${place.label}` : `${name} ${place.label}`;
}

function exampleFor<T>({ example, code }: OptionRow<T>, spelling: Spelling<T>): string {
  if (spelling.example !== undefined) return spelling.example;
  const isMillis = code.some(({ unit }) => unit === 'ms');
  const inSeconds = typeof example === 'number' && spelling.unit === 's' && isMillis;
  return String(inSeconds ? example / 1000 : example);
}

function refuse<T>(
  row: OptionRow<T>,
  spelling: Spelling<T>,
  raw: unknown,
  place: Place,
  why: Unreadable,
): OptionsError {
  const remedy = why.remedy ?? `${row.remedy}, e.g. ${spelling.name}=${exampleFor(row, spelling)}`;
  const given = describeGiven(spelling.name, raw, place);
  return new OptionsError(spelling.name, `${given} ${why.message}: ${remedy}`);
}

function isGiven(raw: unknown, place: Place): boolean {
  // An empty variable is how shells and containers unset one; an empty URL parameter is a mistake.
  if (raw === '') return place.from === 'url';
  return raw !== undefined && raw !== null;
}

/**
 * Reads one option from all its places, highest first, and warns where two names disagree.
 *
 * A bad value is an error where it would count, and a warning where a higher place overrides it.
 */
export function chooseOption<T>(
  row: OptionRow<T>,
  option: string,
  places: Places,
  warn: (warning: OptionWarning) => void,
): Choice<T> {
  const inOrder: [Place, Spelling<T>[]][] = [
    [places.code, row.code],
    [places.environment, row.environment],
    [places.url, row.url],
    [places.environment, row.fallback ?? []],
  ];
  let chosen: Candidate<T> | undefined;
  for (const [place, spellings] of inOrder) {
    for (const spelling of spellings) chosen = consider(spelling, place, chosen);
  }
  return chosen ?? { value: row.default, origin: defaultOrigin(option) };

  function consider(
    spelling: Spelling<T>,
    place: Place,
    counts: Candidate<T> | undefined,
  ): Candidate<T> | undefined {
    const { name } = spelling;
    let raw = place.get(name);
    if (raw === null && spelling.nullIs !== undefined) raw = spelling.nullIs;
    if (!isGiven(raw, place)) return counts;
    try {
      const { value, warning } = spelling.read(raw, name);
      if (counts === undefined && warning !== undefined)
        warn({ parameter: name, message: warning });
      if (value === undefined) return counts;
      if (counts === undefined) {
        return { value, origin: { from: place.from, name }, label: place.label };
      }
      if (counts.origin.from === place.from && counts.value !== value) {
        const message = `${name} ${place.label} disagrees with ${counts.origin.name}, which counts; remove one of them`;
        warn({ parameter: name, message });
      }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const refusal = refuse(row, spelling, raw, place, error);
      if (counts === undefined) throw refusal;
      const message = `${refusal.message} (not used: ${counts.origin.name} ${counts.label} counts)`;
      warn({ parameter: name, message });
    }
    return counts;
  }
}

const defaultOrigins = new Map<string, Origin>();

/** The same for all pools: most options of most pools have none but this. */
function defaultOrigin(name: string): Origin {
  const origin = defaultOrigins.get(name) ?? Object.freeze({ from: 'default', name });
  defaultOrigins.set(name, origin);
  return origin;
}
