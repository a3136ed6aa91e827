import { closest, distance } from 'fastest-levenshtein';

/** The known name that a typing mistake probably meant: at most a letter in three is another. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(name.toLowerCase(), known);
  return distance(name.toLowerCase(), best) <= Math.max(2, Math.floor(best.length / 3))
    ? best
    : undefined;
}

/** `; did you mean x?`, or nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  const best = nearest(name, known);
  return best === undefined ? '' : `; did you mean ${best}?`;
}
